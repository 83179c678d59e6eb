package io.innerspan.onnxruntime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.innerspan.onnxruntime.graft.Skeleton;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Signal;
import io.innerspan.testing.models.GraphWriter;
import io.innerspan.testing.models.TransformerFixture;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import io.opentelemetry.javaagent.innerspan.bridge.TemporaryFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How long sessions, results and options live, and who closes them in which order. */
class SessionLifeTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  /** With a second output that is a weight: no node computes it. */
  private static final byte[] MODEL = withConstantOutput();

  private static final String CONSTANT = "constant_output";

  @TempDir Path folder;
  private final Work work = new Work();
  private final List<SessionOptions> made = new ArrayList<>();

  @Test
  void results_ofTheOriginal_outliveItsClosing_andTheSessions() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, List.of(probe()), null);
    ObservedSession observed = observe(model, work);
    List<OrtSession.Result> kept = new ArrayList<>();
    List<int[]> expected = new ArrayList<>();
    for (int tokens = 1; tokens <= 40; tokens++) {
      try (Inputs inputs = inputs(2, tokens)) {
        kept.add(run(observed, inputs));
        expected.add(bits(kept.get(kept.size() - 1)));
      }
    }
    work.doAll(); // Certified: the original, whose values these are, is closed.
    assertThat(model.certified).isTrue();
    for (int tokens = 1; tokens <= 40; tokens++) {
      try (Inputs inputs = inputs(2, tokens)) {
        kept.add(run(observed, inputs));
        expected.add(bits(kept.get(kept.size() - 1)));
        assertThat(expected.get(39 + tokens)).isEqualTo(expected.get(tokens - 1));
      }
    }
    assertKept(kept, expected);
    Closing.close(observed);
    assertKept(kept, expected);
    kept.forEach(OrtSession.Result::close);
  }

  @Test
  void result_isReadByNameIndexAndIteration_inTheOrderThatWasAskedFor() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, List.of(probe()), null);
    ObservedSession observed = observe(model, work);
    work.doAll();
    Set<String> reversed = new LinkedHashSet<>(List.of(CONSTANT, "last_hidden_state"));
    try (Inputs inputs = inputs(1, 4);
        OrtSession.Result result = observed.run(inputs.tensors(), reversed, null, null)) {
      List<String> names = new ArrayList<>();
      for (Map.Entry<String, OnnxValue> entry : result) {
        assertThat(result.get(names.size())).isSameAs(entry.getValue());
        assertThat(result.get(entry.getKey())).containsSame(entry.getValue());
        names.add(entry.getKey());
      }
      assertThat(names).containsExactlyElementsOf(reversed);
      assertThat(result.get("innerspan/reading")).isEmpty();
    }
    Closing.close(observed);
  }

  @Test
  void result_whoseValueTheApplicationClosedFirst_closesAsOnnxRuntimesDoes() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, List.of(probe()), null);
    ObservedSession observed = observe(model, work);
    work.doAll();
    try (SessionOptions options = options();
        OrtSession original = ENVIRONMENT.createSession(MODEL, options);
        Inputs inputs = inputs(1, 4)) {
      OrtSession.Result result = run(observed, inputs);
      OrtSession.Result plain = original.run(inputs.tensors());
      String expected = messageOfSecondClose(plain);
      assertThat(messageOfSecondClose(result)).isEqualTo(expected);
    }
    Closing.close(observed);
  }

  @Test
  void options_sharedBySessions_andClosedAtOnce_serveThemAll() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, List.of(probe()), null);
    SessionOpener opener = new SessionOpener(model, work, folder);
    Path file = Files.write(folder.resolve("model.onnx"), MODEL);
    List<ObservedSession> sessions = new ArrayList<>();
    try (SessionOptions shared = options()) {
      for (ModelSource source : List.of(ModelSource.of(file.toString()), ModelSource.of(MODEL))) {
        sessions.add(opener.open(ENVIRONMENT, source, shared, this::options, null));
      }
      shared.setMemoryPatternOptimization(false); // For a session that is never opened.
    }
    int[] before;
    try (Inputs inputs = inputs(2, 7);
        OrtSession.Result result = run(sessions.get(0), inputs)) {
      before = bits(result);
    }
    work.doAll();
    for (ObservedSession observed : sessions) {
      try (Inputs inputs = inputs(2, 7);
          OrtSession.Result result = run(observed, inputs)) {
        assertThat(bits(result)).isEqualTo(before);
      }
      Closing.close(observed);
    }
    assertThat(model.refusals).isEmpty();
    assertThat(model.readings).hasSize(2);
    assertAllClosed();
  }

  /**
   * ONNX Runtime's Java API lets nobody pass an allocator; this is how an application picks one.
   */
  enum Allocation {
    NO_ARENA {
      @Override
      void set(SessionOptions options) throws OrtException {
        options.setCPUArenaAllocator(false);
      }
    },
    CPU_PROVIDER_WITHOUT_ARENA {
      @Override
      void set(SessionOptions options) throws OrtException {
        options.addCPU(false);
      }
    },
    NO_MEMORY_PATTERN_IN_PARALLEL {
      @Override
      void set(SessionOptions options) throws OrtException {
        options.setMemoryPatternOptimization(false);
        options.setExecutionMode(SessionOptions.ExecutionMode.PARALLEL);
        options.setInterOpNumThreads(2);
      }
    },
    DEVICE_ALLOCATOR_FOR_WEIGHTS {
      @Override
      void set(SessionOptions options) throws OrtException {
        options.addConfigEntry("session.use_device_allocator_for_initializers", "1");
        options.addConfigEntry("session.disable_prepacking", "1");
      }
    };

    abstract void set(SessionOptions options) throws OrtException;
  }

  @ParameterizedTest
  @EnumSource
  void allocators_chosenByOptions_areTheGraftsToo(Allocation allocation) throws Exception {
    RecordingModel model = new RecordingModel(MODEL, List.of(probe()), null);
    OptionsFactory options =
        () -> {
          SessionOptions equal = options();
          allocation.set(equal);
          return equal;
        };
    ObservedSession observed;
    try (SessionOptions own = options.create()) {
      observed =
          new SessionOpener(model, work, folder)
              .open(ENVIRONMENT, ModelSource.of(MODEL), own, options, null);
    }
    work.doAll();
    assertThat(model.certified).isTrue();
    try (SessionOptions own = options.create();
        OrtSession original = ENVIRONMENT.createSession(MODEL, own);
        Inputs inputs = inputs(3, 9);
        OrtSession.Result expected = original.run(inputs.tensors());
        OrtSession.Result result = run(observed, inputs)) {
      assertThat(bits(result)).isEqualTo(bits(expected));
      Closing.close(observed);
      assertThat(bits(result)).isEqualTo(bits(expected));
    }
    assertThat(model.readings).hasSize(1);
    assertAllClosed();
  }

  @Test
  void close_byManyThreadsAtOnce_closesOnce() throws Exception {
    for (int round = 0; round < 20; round++) {
      RecordingModel model = new RecordingModel(MODEL, List.of(probe()), null);
      ObservedSession observed = observe(model, work);
      work.doAll();
      AtomicInteger already = new AtomicInteger();
      inParallel(
          4,
          () -> {
            already.addAndGet(observed.close() ? 1 : 0);
            return null;
          });
      assertThat(model.closings.get()).isEqualTo(1);
      assertThat(already).hasValue(1);
      assertThat(model.faults).isEmpty();
    }
    assertAllClosed();
  }

  @Test
  void close_whileRunsAreUnderWay_isNoRefusal_andWaitsForThem() throws Exception {
    for (int round = 0; round < 30; round++) {
      RecordingModel model = new RecordingModel(MODEL, List.of(probe()), null);
      ObservedSession observed = observe(model, work);
      CountDownLatch running = new CountDownLatch(3);
      int closer = 3;
      int[] thread = {0};
      inParallel(
          4,
          () -> {
            int me;
            synchronized (thread) {
              me = thread[0]++;
            }
            if (me == closer) {
              running.await();
              observed.close();
              return null;
            }
            try (Inputs inputs = inputs(1, 3 + me)) {
              for (int run = 0; run < 40; run++) {
                run(observed, inputs).close();
                running.countDown();
              }
            } catch (IllegalStateException e) {
              assertThat(e).hasMessageContaining("closed");
              assertThat(observed.closed()).isTrue();
            } finally {
              running.countDown(); // Not to be waited for in vain.
              running.countDown();
              running.countDown();
            }
            return null;
          });
      assertThat(model.refusals).isEmpty();
      assertThat(model.faults).isEmpty();
      observed.session().close();
      work.doAll();
      assertThat(model.refusals).isEmpty();
    }
    assertAllClosed();
  }

  /** A run that chose the original just before it was closed must not keep a second model open. */
  @Test
  void original_isClosedForGood_whenRunsOvertakeTheCertification() throws Exception {
    for (int round = 0; round < 40; round++) {
      RecordingModel model = new RecordingModel(MODEL, List.of(probe()), null);
      ObservedSession observed = observe(model, work);
      CountDownLatch running = new CountDownLatch(3);
      ExecutorService threads = Executors.newFixedThreadPool(3);
      List<Future<?>> runs = new ArrayList<>();
      for (int thread = 0; thread < 3; thread++) {
        runs.add(
            threads.submit(
                () -> {
                  try (Inputs inputs = inputs(1, 3)) {
                    for (int run = 0; run < 150; run++) {
                      run(observed, inputs).close();
                      running.countDown();
                    }
                  } finally {
                    running.countDown(); // Not to be waited for in vain.
                    running.countDown();
                    running.countDown();
                  }
                  return null;
                }));
      }
      running.await();
      work.doAll();
      threads.shutdown();
      for (Future<?> run : runs) {
        run.get();
      }
      assertThat(model.certified).isTrue();
      assertAllClosed();
      Closing.close(observed);
    }
  }

  @Test
  void run_terminatedUnderWay_failsAsTheOriginals_andTheGraftGoesOn() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, List.of(probe()), null);
    ObservedSession observed = observe(model, work);
    work.doAll();
    int cancelled = 0;
    try (Inputs big = inputs(64, 512);
        OrtSession.RunOptions options = new OrtSession.RunOptions()) {
      for (int attempt = 0; attempt < 50 && cancelled == 0; attempt++) {
        CountDownLatch begun = new CountDownLatch(1);
        Thread canceller =
            new Thread(
                () -> {
                  try {
                    begun.await();
                    options.setTerminate(true);
                  } catch (InterruptedException | OrtException e) {
                    throw new IllegalStateException(e);
                  }
                });
        canceller.start();
        begun.countDown();
        try {
          observed.run(big.tensors(), names(observed), Map.of(), options).close();
        } catch (OrtException e) {
          assertThat(e).hasMessageContaining("terminate flag");
          cancelled++;
        }
        canceller.join();
        options.setTerminate(false);
      }
      assertThat(cancelled).isPositive();
      int answered = model.readings.size();
      observed.run(big.tensors(), names(observed), Map.of(), options).close();
      assertThat(model.readings).hasSize(answered + 1);
    }
    assertThat(model.refusals).isEmpty();
    Closing.close(observed);
    assertAllClosed();
  }

  @Test
  void copy_thatWasDeleted_isForgotten() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, List.of(probe()), null);
    int before = TemporaryFiles.count();
    ObservedSession observed = observe(model, work);
    assertThat(TemporaryFiles.count()).as("the copy and its lock").isEqualTo(before + 2);
    Closing.close(observed);
    assertThat(TemporaryFiles.count()).isEqualTo(before);
  }

  @Test
  void skeleton_ofAnImmutableFile_givesTheOriginalsBits_andIsGoneOnceCertified() throws Exception {
    Path models = Files.createDirectory(folder.resolve("models"));
    Path file = Files.write(models.resolve("model.onnx"), MODEL);
    RecordingModel model = new RecordingModel(MODEL, List.of(probe()), null);
    model.skeleton = Skeleton.of(file);
    List<Long> sizes = new ArrayList<>();
    model.onCertified = () -> sizes.addAll(sizesOfCopies(models));
    ObservedSession observed;
    try (SessionOptions options = options()) {
      observed =
          new SessionOpener(model, work, folder)
              .open(ENVIRONMENT, ModelSource.of(file.toString()), options, this::options, null);
    }
    int[] before;
    try (Inputs inputs = inputs(2, 7);
        OrtSession.Result result = run(observed, inputs)) {
      before = bits(result);
    }
    work.doAll();
    assertThat(model.certified).isTrue();
    assertThat(sizes).singleElement().satisfies(size -> assertThat(size).isLessThan(MODEL.length));
    assertThat(model.digest).isEqualTo(sha256(MODEL));
    try (Inputs inputs = inputs(2, 7);
        OrtSession.Result result = run(observed, inputs)) {
      assertThat(bits(result)).isEqualTo(before);
    }
    assertThat(model.readings).hasSize(1);
    try (Stream<Path> files = Files.list(models)) {
      assertThat(files).containsExactly(file);
    }
    Closing.close(observed);
    assertAllClosed();
  }

  private static List<Long> sizesOfCopies(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(ModelCopy::isCopy).map(each -> each.toFile().length()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static void inParallel(int threads, Callable<Void> task) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CyclicBarrier start = new CyclicBarrier(threads);
    try {
      List<Future<Void>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(
            pool.submit(
                () -> {
                  start.await();
                  return task.call();
                }));
      }
      for (Future<Void> one : running) {
        one.get();
      }
    } finally {
      pool.shutdown();
    }
  }

  private static String messageOfSecondClose(OrtSession.Result result) {
    result.get(0).close();
    try {
      result.close();
      return "closed";
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  private static void assertKept(List<OrtSession.Result> kept, List<int[]> expected)
      throws OrtException {
    for (int i = 0; i < kept.size(); i++) {
      assertThat(bits(kept.get(i))).isEqualTo(expected.get(i));
    }
  }

  private ObservedSession observe(RecordingModel model, Work background) throws OrtException {
    try (SessionOptions options = options()) {
      ObservedSession observed =
          new SessionOpener(model, background, folder)
              .open(ENVIRONMENT, ModelSource.of(MODEL), options, this::options, null);
      return observed;
    }
  }

  private SessionOptions options() throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(1);
    synchronized (made) {
      made.add(options);
    }
    return options;
  }

  /** Every session of an original is closed together with the options that were made for it. */
  private void assertAllClosed() {
    synchronized (made) {
      assertThat(made)
          .allSatisfy(
              options ->
                  assertThatThrownBy(() -> options.setInterOpNumThreads(1))
                      .isInstanceOf(IllegalStateException.class));
    }
  }

  private static OrtSession.Result run(ObservedSession observed, Inputs inputs)
      throws OrtException {
    return observed.run(inputs.tensors(), names(observed), null, null);
  }

  private static Set<String> names(ObservedSession observed) throws OrtException {
    return observed.outputNames();
  }

  private static int[] bits(OrtSession.Result result) throws OrtException {
    int[] bits = {};
    for (String name : List.of("last_hidden_state", CONSTANT)) {
      float[] values = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer().array();
      int end = bits.length;
      bits = Arrays.copyOf(bits, end + values.length);
      for (int i = 0; i < values.length; i++) {
        bits[end + i] = Float.floatToRawIntBits(values[i]);
      }
    }
    return bits;
  }

  private static Inputs inputs(int batch, int tokens) throws OrtException {
    ByteBuffer ids = ByteBuffer.allocate(8 * batch * tokens).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer mask = ByteBuffer.allocate(8 * batch * tokens).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < batch * tokens; i++) {
      ids.putLong((i * 7L + 3) % TransformerFixture.VOCABULARY);
      mask.putLong(1);
    }
    long[] shape = {batch, tokens};
    return Inputs.of(
        ENVIRONMENT,
        new ModelInput(
            List.of(
                new ModelInput.Tensor("input_ids", "I64", shape, ids.flip()),
                new ModelInput.Tensor("attention_mask", "I64", shape, mask.flip()))));
  }

  private static Signal probe() {
    float[] weight = new float[TransformerFixture.WIDTH];
    Arrays.fill(weight, 0.25f);
    return new LinearProbe(
        "probe",
        new HookPoint("blocks.1.hook_normalized_resid_post"),
        Pooling.MEAN,
        weight,
        0.5f,
        new Calibration.None(),
        null,
        "yes",
        "no");
  }

  private static byte[] withConstantOutput() {
    GraphWriter added = new GraphWriter("added", 17, DataType.FLOAT, 5, "added/");
    String weight = added.floats(new float[] {1, 2, 3}, 3);
    added.output(weight, DataType.FLOAT, "3");
    byte[] bytes =
        ModelProto.newBuilder()
            .setGraph(
                added.graph().toBuilder()
                    .setInitializer(
                        0, added.graph().getInitializer(0).toBuilder().setName(CONSTANT))
                    .setOutput(0, added.graph().getOutput(0).toBuilder().setName(CONSTANT))
                    .clearName())
            .build()
            .toByteArray();
    return RecordingModel.concatenate(TransformerFixture.postNorm().bytes(), bytes);
  }
}
