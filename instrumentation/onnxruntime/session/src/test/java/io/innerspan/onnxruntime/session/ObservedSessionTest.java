package io.innerspan.onnxruntime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Position;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.Attributes;
import io.innerspan.testing.models.GraphWriter;
import io.innerspan.testing.models.TransformerFixture;
import io.opentelemetry.javaagent.innerspan.bridge.LiveModel;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObservedSessionTest {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();
  private static final byte[] MODEL = TransformerFixture.postNorm().bytes();
  private static final List<Signal> SIGNALS =
      List.of(probe("a", 0, Pooling.MEAN), probe("b", 1, Pooling.MAX), probe("c", 1, Pooling.LAST));

  @TempDir Path folder;
  private final Work work = new Work();
  private int optionsMade;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : open) {
      closeable.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"path", "bytes", "buffer"})
  void run_onceCertified_givesTheOriginalsBitsAndAReading(String how) throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    ObservedSession observed = observe(model, source(how));
    work.doAll();
    assertThat(model.refusals).isEmpty();
    assertThat(model.certified).isTrue();
    OrtSession original = original();
    for (int[] size : new int[][] {{1, 1}, {1, 7}, {3, 12}}) {
      assertSame(original, observed, size[0], size[1]);
    }
    assertThat(model.readings).hasSize(3);
    assertThat(model.readings.get(2)).hasSize(3 * (SIGNALS.size() + 1));
    assertThat(model.batchSizes).containsExactly(1L, 1L, 3L);
  }

  @Test
  void run_beforeCertification_isAnsweredByTheOriginalWithoutReading() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    ObservedSession observed = observe(model, source("bytes"));
    assertSame(original(), observed, 2, 9);
    assertThat(model.certified).isFalse();
    assertThat(model.readings).isEmpty();
    work.doAll();
    assertSame(original(), observed, 2, 9);
    assertThat(model.readings).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"path", "bytes", "buffer"})
  void run_certifiedBeforehand_readsAtOnce_andNothingIsCertifiedLater(String how) throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    model.certifiedDigest = sha256(MODEL);
    model.golden = List.of(golden(2, 6));
    ObservedSession observed = observe(model, source(how));
    int made = optionsMade;
    assertSame(original(), observed, 2, 9);
    assertThat(model.certified).isTrue();
    assertThat(model.readings).hasSize(1);
    work.doAll();
    assertThat(model.goldenReadings).isEmpty();
    assertThat(model.compared).isEmpty();
    assertThat(optionsMade - made).as("the test's own and the graft's").isEqualTo(2);
    assertThat(model.faults).isEmpty();
  }

  @Test
  void run_certifiedBeforehandForAnotherModel_isCertifiedAsEver() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    model.certifiedDigest = "ab".repeat(32);
    ObservedSession observed = observe(model, source("bytes"));
    assertSame(original(), observed, 2, 9);
    assertThat(model.digest).isEqualTo(sha256(MODEL));
    assertThat(model.certified).isFalse();
    assertThat(model.readings).isEmpty();
    work.doAll();
    assertThat(model.certified).isTrue();
    assertThat(model.compared).hasSize(3);
    assertSame(original(), observed, 2, 9);
    assertThat(model.readings).hasSize(1);
  }

  @Test
  void opening_ofUnknownSettings_saysThatTheyAreUnknown() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    observe(model, source("bytes"));
    assertThat(model.opening).isNotNull();
    assertThat(model.opening.sessionOptions()).isNull();
  }

  @Test
  void gates_closedOrOpen_decideWhichSignalsAreComputed() throws Exception {
    // One without a gate, a cheap one and a dear one.
    Signal dear =
        new ActivationSummary(
            "d", SIGNALS.get(2).hookPoints().get(0), null, Set.of(Statistic.SPARSITY));
    List<Signal> signals = List.of(SIGNALS.get(0), SIGNALS.get(1), dear);
    RecordingModel model = new RecordingModel(MODEL, signals, null);
    ObservedSession ungated = observe(model, source("bytes"));
    RecordingModel gated = new RecordingModel(MODEL, signals, null);
    gated.gating = signal -> !signal.id().equals("a");
    ObservedSession observed = observe(gated, source("bytes"));
    work.doAll();
    assertThat(gated.refusals).isEmpty();
    assertThat(gated.certified).isTrue();
    assertSame(original(), ungated, 2, 7);
    for (long gates : new long[] {0, 0b01, 0b10, 0b11, -1}) {
      gated.openGates = gates;
      assertSame(original(), observed, 2, 7);
    }
    float[] all = model.readings.get(0);
    for (int run = 0; run < 5; run++) {
      long open = new long[] {0, 0b01, 0b10, 0b11, -1}[run];
      float[] reading = gated.readings.get(run);
      for (int row = 0; row < 2; row++) {
        assertThat(reading[row * 4 + 3]).isEqualTo(all[row * 4 + 3]);
        for (int column = 0; column < 3; column++) {
          Signal signal = gated.columns.get(column);
          // The first column is open, then each has a gate.
          boolean computed = column == 0 || (open >>> (column - 1) & 1) != 0;
          float expected = computed ? all[row * 4 + model.columns.indexOf(signal)] : Float.NaN;
          // Products shared with other signals may sum in another order.
          assertThat(
                  computed
                      ? Tolerance.FP32.agrees(reading[row * 4 + column], expected)
                      : Float.isNaN(reading[row * 4 + column]))
              .as("gates %s, row %s of %s: %s", open, row, signal.id(), expected)
              .isTrue();
        }
      }
    }
  }

  @Test
  void gates_allClosedWithoutAnOpenSignal_giveNoReading() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    model.gating = signal -> true;
    ObservedSession observed = observe(model, source("bytes"));
    work.doAll();
    assertThat(model.certified).isTrue();
    for (long gates : new long[] {0, 1L << 62, 1, 0}) { // There is no gate 62.
      model.openGates = gates;
      assertSame(original(), observed, 2, 7);
      assertSame(original(), observed, 3, 5);
    }
    assertThat(model.readings).as("those with a gate open").hasSize(2);
    assertThat(model.readings.get(0)).hasSize(2 * (SIGNALS.size() + 1));
    assertThat(model.refusals).isEmpty();
    assertThat(model.failures).isEmpty();
    assertThat(model.faults).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void questions_beforeAndAfterCertification_areAnsweredAsTheOriginalDoes(boolean gated)
      throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    model.gating = signal -> gated;
    ObservedSession observed = observe(model, source("bytes"));
    OrtSession original = original();
    assertAnswersAs(original, observed);
    assertThat(observed.outputNames()).isSameAs(observed.session().getOutputNames());
    Set<String> names = observed.outputNames();
    assertSame(original, observed, 1, 5);
    work.doAll();
    assertThat(model.certified).isTrue();
    assertAnswersAs(original, observed);
    assertThat(observed.outputNames()).as("by which all outputs are known").isSameAs(names);
    observed.outputInfo().clear();
    observed.inputInfo().clear();
    assertAnswersAs(original, observed);
    assertSame(original, observed, 1, 5);
    assertThat(model.faults).isEmpty();
  }

  private static void assertAnswersAs(OrtSession original, ObservedSession observed)
      throws OrtException {
    assertThat(observed.inputNames()).containsExactlyElementsOf(original.getInputNames());
    assertThat(observed.outputNames()).containsExactlyElementsOf(original.getOutputNames());
    assertThat(observed.numInputs()).isEqualTo(original.getNumInputs());
    assertThat(observed.numOutputs()).isEqualTo(original.getNumOutputs());
    assertThat(observed.inputInfo()).hasToString(original.getInputInfo().toString());
    assertThat(observed.outputInfo()).hasToString(original.getOutputInfo().toString());
    assertThat(observed.metadata()).hasToString(original.getMetadata().toString());
    assertThat(observed.endProfiling()).isEqualTo(original.endProfiling());
    assertThat(observed.profilingStart()).isNotNegative();
    assertThat(observed.session()).hasToString(original.toString());
  }

  /** The model is in memory once: what the application holds is closed while the graft answers. */
  @Test
  void session_ofTheApplication_isClosedOnceCertified_andNotAgainByTheApplication()
      throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    ObservedSession observed = observe(model, source("bytes"));
    assertThat(observed.session().getNumInputs()).isEqualTo(2);
    work.doAll();
    assertThatThrownBy(() -> observed.session().getNumInputs())
        .isInstanceOf(IllegalStateException.class);
    assertSame(original(), observed, 2, 6);
    assertThat(observed.close()).isTrue();
    assertThat(observed.close()).as("a second time").isFalse();
    RecordingModel plain = new RecordingModel(MODEL, List.of(), null);
    ObservedSession ungrafted = observe(plain, source("bytes"));
    work.doAll();
    assertThat(ungrafted.close()).isFalse();
    ungrafted.session().close();
  }

  @Test
  void file_thatChangesBeforeItIsCopied_isNotGrafted(@TempDir Path models) throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    Path file = Files.write(models.resolve("model.onnx"), MODEL);
    ObservedSession observed = observe(model, ModelSource.of(file.toString()));
    Files.write(file, new byte[] {1, 2, 3});
    work.doAll();
    assertThat(model.reasons()).containsExactly(Reason.INTERNAL_FAULT);
    assertThat(model.refusals.get(0).detail()).contains("changed while it was opened");
    assertSame(original(), observed, 2, 6);
    assertThat(copies()).isEmpty();
  }

  /** Applications that bring their model in a jar write it there, open it and delete it. */
  @Test
  void file_ofTheTemporaryFolder_mayBeDeletedAtOnce() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    ObservedSession observed = observe(model, source("path"));
    Files.delete(folder.resolve("model.onnx"));
    work.doAll();
    assertThat(model.refusals).isEmpty();
    assertThat(model.certified).isTrue();
    assertSame(original(), observed, 2, 6);
    assertThat(model.readings).hasSize(1);
  }

  @Test
  void close_beforeAnythingWasPrepared_leavesNothing(@TempDir Path models) throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    Path file = Files.write(models.resolve("model.onnx"), MODEL);
    ObservedSession observed = observe(model, ModelSource.of(file.toString()));
    Closing.close(observed);
    work.doAll();
    assertThat(model.closed).isTrue();
    assertThat(model.certified).isFalse();
    assertThat(model.refusals).isEmpty();
    assertThat(model.faults).isEmpty();
    assertThat(copies()).isEmpty();
  }

  @Test
  void digest_ofBytesThatTheApplicationChanges_isOfWhatWasLoaded() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    byte[] bytes = MODEL.clone();
    ObservedSession observed = observe(model, ModelSource.of(bytes));
    Arrays.fill(bytes, (byte) 0);
    work.doAll();
    assertThat(model.digest).isEqualTo(sha256(MODEL));
    assertSame(original(), observed, 1, 5);
  }

  @Test
  void goldenInputs_areReadOnTheGraftedSession() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    model.golden = List.of(golden(2, 6));
    observe(model, source("bytes"));
    work.doAll();
    assertThat(model.goldenReadings).singleElement().satisfies(r -> assertThat(r).hasSize(8));
  }

  @Test
  void tap_thatChangesBits_isDropped_andTheOthersStay() throws Exception {
    String tap = tapOf(SIGNALS.get(0));
    RecordingModel model =
        new RecordingModel(MODEL, SIGNALS, new RecordingModel.Harm(tap, otherWeights()));
    ObservedSession observed = observe(model, source("bytes"));
    work.doAll();
    assertThat(model.droppedTaps).containsExactly(tap);
    assertThat(model.certified).isTrue();
    assertThat(model.refusals).isEmpty();
    assertSame(original(), observed, 2, 6);
    assertThat(model.readings).singleElement().satisfies(r -> assertThat(r).hasSize(2 * 3));
  }

  @Test
  void graft_whoseEveryTapChangesBits_isRefused() throws Exception {
    List<Signal> one = List.of(SIGNALS.get(0));
    RecordingModel model =
        new RecordingModel(MODEL, one, new RecordingModel.Harm(tapOf(one.get(0)), otherWeights()));
    ObservedSession observed = observe(model, source("path"));
    work.doAll();
    assertThat(model.reasons()).containsExactly(Reason.OUTPUT_CHANGED);
    assertThat(model.certified).isFalse();
    assertSame(original(), observed, 2, 6);
  }

  @Test
  void graft_thatOnnxRuntimeRefuses_leavesTheOriginal() throws Exception {
    GraphWriter broken = new GraphWriter("broken", 17, DataType.FLOAT, 1, "broken/");
    broken.named("broken/out", "NoSuchOperator", List.of("input_ids"));
    RecordingModel model =
        new RecordingModel(
            MODEL, SIGNALS, new RecordingModel.Harm(tapOf(SIGNALS.get(0)), graphOnly(broken)));
    ObservedSession observed = observe(model, source("bytes"));
    work.doAll();
    assertThat(model.reasons()).containsExactly(Reason.ENGINE_REFUSED);
    assertSame(original(), observed, 2, 6);
    assertThat(observed.numOutputs()).isEqualTo(1);
    assertThat(copies()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"path", "bytes"})
  void run_thatFailsOnTheGraftOnly_isAnsweredByTheOriginal_andDisablesTheGraft(String how)
      throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    ObservedSession observed = observe(model, source(how));
    work.doAll();
    OrtSession original = original();
    // The original broadcasts a [1,1] mask over 16 tokens; pooling cannot.
    try (OnnxTensor ids = OnnxTensor.createTensor(ENVIRONMENT, new long[1][16]);
        OnnxTensor mask = OnnxTensor.createTensor(ENVIRONMENT, new long[][] {{1}})) {
      Map<String, OnnxTensor> inputs = Map.of("input_ids", ids, "attention_mask", mask);
      assertThat(bits(observed.run(inputs, names(observed), null, null)))
          .isEqualTo(bits(original.run(inputs)));
    }
    assertThat(model.reasons()).containsExactly(Reason.RUN_FAILED);
    assertThat(model.failures).isEmpty();
    assertSame(original, observed, 2, 6);
    assertThat(model.readings).isEmpty();
  }

  @Test
  void run_thatFailsOnTheOriginalToo_givesItsError_andKeepsTheGraft() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    ObservedSession observed = observe(model, source("bytes"));
    work.doAll();
    OrtSession original = original();
    try (OnnxTensor outside = OnnxTensor.createTensor(ENVIRONMENT, new long[][] {{1_000_000}});
        OnnxTensor mask = OnnxTensor.createTensor(ENVIRONMENT, new long[][] {{1}})) {
      Map<String, OnnxTensor> inputs = Map.of("input_ids", outside, "attention_mask", mask);
      assertThatThrownBy(() -> observed.run(inputs, names(observed), null, null))
          .isInstanceOf(OrtException.class)
          .hasMessage(message(() -> original.run(inputs)));
      for (Set<String> requested : List.of(Set.of("nothing"), Set.of("innerspan/reading"))) {
        assertThatThrownBy(() -> observed.run(inputs, requested, null, null))
            .hasMessage(message(() -> original.run(inputs, requested)));
      }
      assertThatThrownBy(() -> observed.run(inputs, Set.of(), null, null))
          .hasMessage(message(() -> original.run(inputs, Set.of())));
    }
    assertThat(model.refusals).isEmpty();
    assertThat(model.failures).hasSize(4);
    assertSame(original, observed, 2, 6);
    assertThat(model.readings).hasSize(1);
  }

  /** ONNX Runtime's TopK ends the process over no rows. */
  @ParameterizedTest
  @CsvSource({"0, 5", "0, 0", "2, 0"})
  void run_ofNothing_isAnsweredByTheOriginal_andReadingsGoOn(int batch, int tokens)
      throws Exception {
    RecordingModel model = new RecordingModel(MODEL, sortingSignals(), null);
    ObservedSession observed = observe(model, source("bytes"));
    work.doAll();
    OrtSession original = original();
    assertSame(original, observed, batch, tokens);
    assertSame(original, observed, 2, 6);
    assertThat(model.readings).hasSize(1);
    assertThat(model.failures).isEmpty();
    assertThat(model.refusals).isEmpty();
  }

  @Test
  void run_ofNothing_ofAModelThatIsGone_fails_andReadingsGoOn() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, sortingSignals(), null);
    ObservedSession observed = observe(model, source("path"));
    work.doAll();
    Files.write(folder.resolve("model.onnx"), new byte[] {1, 2, 3});
    try (Inputs inputs = Inputs.of(ENVIRONMENT, golden(0, 5))) {
      assertThatThrownBy(() -> observed.run(inputs.tensors(), names(observed), null, null))
          .isInstanceOf(OrtException.class)
          .hasMessageContaining("changed since the session was opened");
    }
    assertSame(original(), observed, 2, 6);
    assertThat(model.readings).hasSize(1);
    assertThat(model.refusals).isEmpty();
  }

  /** A detector may find nothing in an image: then its scores have no rows. */
  @Test
  void run_thatFindsNothing_isReadWithoutRows_andReadingsGoOn() throws Exception {
    GraphWriter detector = new GraphWriter("detector", 17, DataType.FLOAT, 1, "");
    detector.input("x", DataType.FLOAT, "batch", "4");
    detector.input("keep", DataType.BOOL, "batch");
    detector.named("scores", "Compress", List.of("x", "keep"), Attributes.integer("axis", 0));
    detector.output("scores", DataType.FLOAT, "found", "4");
    byte[] bytes = detector.model().toByteArray();
    Signal confidence =
        new OutputConfidence("sure", new HookPoint("scores"), Position.FIRST, 1, null);
    RecordingModel model = new RecordingModel(bytes, List.of(confidence), null);
    ObservedSession observed = observe(model, ModelSource.of(bytes));
    work.doAll();
    assertThat(model.certified).isTrue();
    for (boolean[] keep : new boolean[][] {{true, true}, {false, false}, {false, true}}) {
      try (OnnxTensor x = OnnxTensor.createTensor(ENVIRONMENT, new float[2][4]);
          OnnxTensor kept = OnnxTensor.createTensor(ENVIRONMENT, keep);
          OrtSession.Result result =
              observed.run(Map.of("x", x, "keep", kept), Set.of("scores"), null, null)) {
        assertThat(result.size()).isEqualTo(1);
      }
    }
    int columns = 4; // Of the confidence, and the number of tokens.
    assertThat(model.readings.stream().map(reading -> reading.length))
        .containsExactly(2 * columns, 0, columns);
    assertThat(model.failures).isEmpty();
    assertThat(model.refusals).isEmpty();
    assertThat(model.faults).isEmpty();
  }

  private static List<Signal> sortingSignals() {
    return List.of(
        probe("greatest", 0, Pooling.topKMean(3)), probe("rolling", 1, Pooling.rollingMax(4)));
  }

  /** A misspelt output is the original's to name, which is gone with the application's file. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void run_thatNeedsAnOriginalThatIsGone_isAnsweredByTheCertifiedGraft_andReadingsGoOn(
      boolean firstGraftChangesBits) throws Exception {
    RecordingModel.Harm harm = new RecordingModel.Harm(tapOf(SIGNALS.get(0)), otherWeights());
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, firstGraftChangesBits ? harm : null);
    ObservedSession observed = observe(model, source("path"));
    work.doAll();
    assertThat(model.certified).isTrue();
    OrtSession original = original();
    Files.write(folder.resolve("model.onnx"), new byte[] {1, 2, 3});
    try (Inputs inputs = Inputs.of(ENVIRONMENT, golden(1, 5))) {
      assertThatThrownBy(() -> observed.run(inputs.tensors(), Set.of("nothing"), null, null))
          .isInstanceOf(OrtException.class)
          .hasMessage(message(() -> original.run(inputs.tensors(), Set.of("nothing"))));
    }
    assertSame(original, observed, 2, 6);
    assertThat(model.readings).hasSize(1);
    assertThat(model.refusals).isEmpty();
  }

  @Test
  void run_thatTheApplicationTerminates_doesNotWaitForTheOriginal() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    ObservedSession observed = observe(model, source("bytes"));
    work.doAll();
    OrtSession original = original();
    int openedBefore = optionsMade;
    try (Inputs inputs = Inputs.of(ENVIRONMENT, golden(1, 5));
        OrtSession.RunOptions terminated = new OrtSession.RunOptions()) {
      terminated.setTerminate(true);
      assertThatThrownBy(
              () -> observed.run(inputs.tensors(), names(observed), Map.of(), terminated))
          .isInstanceOf(OrtException.class)
          .hasMessage(message(() -> original.run(inputs.tensors(), terminated)));
    }
    assertThat(optionsMade).isEqualTo(openedBefore);
    assertThat(model.refusals).isEmpty();
    assertSame(original, observed, 2, 6);
    assertThat(model.readings).hasSize(1);
  }

  @Test
  void faults_ofTheTelemetrySide_neverReachTheApplication() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    ObservedSession observed = observe(model, source("bytes"));
    work.doAll();
    model.faulty = true;
    assertSame(original(), observed, 2, 6);
    assertSame(original(), observe(model, source("bytes")), 2, 6);
    assertThat(model.faults).isNotEmpty();
    assertThat(copies()).hasSize(1); // Of the first one.
  }

  @Test
  void goldenInput_thatTheSessionDoesNotTake_refusesItsPackAlone() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    ModelInput.Tensor ids = golden(2, 6).tensors().get(0);
    ModelInput unknown =
        new ModelInput(
            List.of(new ModelInput.Tensor("no_such_input", "I64", ids.shape(), ids.data())));
    model.golden = List.of(unknown, golden(2, 6));
    ObservedSession observed = observe(model, source("bytes"));
    work.doAll();
    assertThat(model.goldenFailures).singleElement().asString().contains("no_such_input");
    assertThat(model.goldenReadings).hasSize(1);
    assertThat(model.refusals).isEmpty();
    assertThat(model.certified).isTrue();
    assertSame(original(), observed, 2, 6);
    assertThat(model.readings).hasSize(1);
  }

  @Test
  void errors_ofTheTelemetrySide_neverReachTheApplication() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    ObservedSession observed = observe(model, source("bytes"));
    work.doAll();
    model.error = new StackOverflowError("a fault of ours");
    assertSame(original(), observed, 2, 6);
    assertSame(original(), observe(model, source("bytes")), 2, 6);
    assertThat(model.faults).contains(model.error);
  }

  @Test
  void copy_thatCannotBeMade_leavesTheOriginal() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    SessionOpener opener = new SessionOpener(model, work, folder.resolve("missing"));
    try (OrtSession.SessionOptions options = options()) {
      ObservedSession observed =
          opener.open(ENVIRONMENT, source("bytes"), options, this::options, null);
      open.add(() -> Closing.close(observed));
      assertThat(model.reasons()).containsExactly(Reason.INTERNAL_FAULT);
      assertThat(model.refusals.get(0).detail()).contains("NoSuchFileException");
      assertSame(original(), observed, 2, 6);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"path", "bytes", "buffer"})
  void copy_madeByAnotherThread_isOfWhatWasGiven_whateverComesAfterwards(String how)
      throws Exception {
    byte[] bytes = MODEL.clone();
    ByteBuffer buffer = ByteBuffer.allocateDirect(MODEL.length + 3).position(3).put(MODEL);
    buffer.position(3);
    ModelSource source =
        switch (how) {
          case "path" -> source("path");
          case "bytes" -> ModelSource.of(bytes);
          default -> ModelSource.of(buffer);
        };
    for (String certified : new String[] {null, sha256(MODEL), "ab".repeat(32)}) {
      System.arraycopy(MODEL, 0, bytes, 0, MODEL.length);
      buffer.put(3, MODEL);
      RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
      model.certifiedDigest = certified;
      CountDownLatch decided = new CountDownLatch(1);
      model.onCertified = decided::countDown;
      ExecutorService background = Executors.newSingleThreadExecutor();
      ObservedSession observed;
      try (OrtSession.SessionOptions options = options()) {
        observed =
            new SessionOpener(model, background, folder)
                .open(ENVIRONMENT, source, options, this::options, null);
      }
      open.add(() -> Closing.close(observed));
      assertThat(buffer.position()).isEqualTo(3);
      assertThat(buffer.limit()).isEqualTo(buffer.capacity());
      Arrays.fill(bytes, (byte) 0);
      buffer.put(3, bytes);
      assertThat(decided.await(1, TimeUnit.MINUTES)).isTrue();
      background.shutdown();
      assertThat(background.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
      assertThat(model.digest).isEqualTo(sha256(MODEL));
      assertThat(model.certified).isTrue();
      assertThat(model.refusals).isEmpty();
      assertThat(model.faults).isEmpty();
      assertSame(original(), observed, 2, 6);
      assertThat(model.readings).hasSize(1);
      observed.close();
      assertThat(copies()).isEmpty();
    }
  }

  @Test
  void certification_thatWaitsForQuiet_beginsWithTheFirstRun() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    model.golden = List.of(golden(2, 6));
    Work whenQuiet = new Work();
    ObservedSession observed;
    try (OrtSession.SessionOptions options = options()) {
      observed =
          new SessionOpener(model, work, whenQuiet, folder)
              .open(ENVIRONMENT, source("bytes"), options, this::options, null);
    }
    open.add(() -> Closing.close(observed));
    work.doAll();
    assertThat(model.certified).isFalse();
    OrtSession original = original();
    assertSame(original, observed, 2, 6);
    assertThat(model.certified).isFalse();
    work.doAll();
    assertThat(model.certified).isTrue();
    assertSame(original, observed, 2, 6);
    whenQuiet.doAll(); // Once is enough.
    assertThat(model.goldenReadings).hasSize(1);
    assertSame(original, observed, 2, 6);
    assertThat(model.readings).hasSize(2);
  }

  @Test
  void certification_ofAClosedSession_holdsNothingOfIt() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    List<Runnable> whenQuiet = new ArrayList<>();
    try (OrtSession.SessionOptions options = options()) {
      ObservedSession observed =
          new SessionOpener(model, work, whenQuiet::add, folder)
              .open(ENVIRONMENT, source("bytes"), options, this::options, null);
      observed.session().close();
      observed.close();
    }
    assertThat(whenQuiet)
        .singleElement()
        .isInstanceOfSatisfying(Future.class, task -> assertThat(task.isCancelled()).isTrue());
    whenQuiet.get(0).run();
    work.doAll();
    assertThat(model.certified).isFalse();
    assertThat(model.faults).isEmpty();
    assertThat(copies()).isEmpty();
  }

  @Test
  void copy_begunInVain_isGone() throws Exception {
    RecordingModel faulty = new RecordingModel(MODEL, SIGNALS, null);
    faulty.faulty = true;
    RecordingModel plain = new RecordingModel(MODEL, List.of(), null);
    for (RecordingModel model : List.of(faulty, plain)) {
      SessionOpener opener = new SessionOpener(model, Runnable::run, folder);
      try (OrtSession.SessionOptions options = options()) {
        ObservedSession observed =
            opener.open(ENVIRONMENT, source("bytes"), options, this::options, null);
        open.add(() -> Closing.close(observed));
        assertSame(original(), observed, 2, 6);
      }
      assertThat(copies()).isEmpty();
    }
  }

  @Test
  void executor_thatTakesNoWork_isTold_andCostsTheReadingsOnly() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    boolean[] full = {false};
    SessionOpener opener =
        new SessionOpener(
            model,
            task -> {
              if (full[0]) {
                throw new RejectedExecutionException("full");
              }
            },
            folder);
    full[0] = true;
    try (OrtSession.SessionOptions options = options()) {
      ObservedSession observed =
          opener.open(ENVIRONMENT, source("buffer"), options, this::options, null);
      open.add(() -> Closing.close(observed));
      assertSame(original(), observed, 2, 6);
    }
    assertThat(model.faults)
        .isNotEmpty()
        .allSatisfy(fault -> assertThat(fault).isInstanceOf(RejectedExecutionException.class));
    assertThat(model.reasons()).containsExactly(Reason.INTERNAL_FAULT);
    assertThat(copies()).isEmpty();
  }

  @Test
  void close_whileTapsAreTried_leavesNothingOpen() throws Exception {
    RecordingModel model =
        new RecordingModel(
            MODEL, SIGNALS, new RecordingModel.Harm(tapOf(SIGNALS.get(0)), otherWeights()));
    ObservedSession observed = observe(model, source("bytes"));
    model.onTapDropped = observed::close;
    work.doAll();
    assertThat(model.droppedTaps).hasSize(1);
    assertThat(model.certified).isFalse();
    assertThat(model.refusals).isEmpty();
    assertThat(copies()).isEmpty();
    observed.session().close();
  }

  @Test
  void live_onceCertified_readsAsAnInferenceDoes_andIsNone() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    model.golden = List.of(golden(2, 6));
    observe(model, source("bytes"));
    assertThat(model.live).isNull();
    work.doAll();

    LiveModel.LiveReading reading = model.live.read(golden(2, 6));

    assertThat(reading.rows()).isEqualTo(2);
    assertThat(reading.values()).containsExactly(model.goldenReadings.get(0));
    assertThat(model.batchSizes).as("inferences").isEmpty();
    assertThat(model.readings).isEmpty();
  }

  @Test
  void live_inputThatTheSessionDoesNotTake_throwsAndTheNextIsRead() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    observe(model, source("bytes"));
    work.doAll();

    assertThatThrownBy(() -> model.live.read(new ModelInput(List.of())))
        .isInstanceOf(OrtException.class);
    assertThat(model.live.read(golden(1, 3))).isNotNull();
    assertThat(model.failures).isEmpty();
    assertThat(model.refusals).isEmpty();
  }

  @Test
  void live_afterTheSessionWasClosed_readsNothing() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    ObservedSession observed = observe(model, source("bytes"));
    work.doAll();
    observed.close();

    assertThat(model.live.read(golden(1, 3))).isNull();
  }

  @Test
  void close_endsEverything() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    ObservedSession observed = observe(model, source("bytes"));
    work.doAll();
    assertThat(copies()).hasSize(1);
    observed.close();
    assertThat(observed.closed()).isTrue();
    assertThat(model.closed).isTrue();
    assertThat(copies()).isEmpty();
  }

  @Test
  void copy_ofAFile_isGoneOnceCertified() throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    AtomicBoolean there = new AtomicBoolean();
    model.onCertified = () -> there.set(!copies().isEmpty());
    observe(model, source("path"));
    work.doAll();
    assertThat(there).isTrue();
    assertThat(copies()).isEmpty();
  }

  @Test
  void runs_ofManyThreads_beforeDuringAndAfterCertification_giveTheOriginalsBits()
      throws Exception {
    RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
    ObservedSession observed = observe(model, source("bytes"));
    OrtSession original = original();
    CountDownLatch begun = new CountDownLatch(4);
    AtomicBoolean certified = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        int tokens = 3 + thread;
        runs.add(
            threads.submit(
                () -> {
                  for (int i = 0, afterwards = 0; afterwards < 100; i++) {
                    afterwards += certified.get() ? 1 : 0;
                    try {
                      assertSame(original, observed, 1 + i % 3, tokens);
                    } finally {
                      begun.countDown(); // Not to be waited for in vain.
                    }
                  }
                  return null;
                }));
      }
      begun.await();
      try {
        work.doAll();
      } finally {
        certified.set(true);
      }
      for (Future<?> run : runs) {
        run.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(model.certified).isTrue();
    assertThat(model.refusals).isEmpty();
    assertThat(model.readings).isNotEmpty();
  }

  @Test
  void close_duringCertification_waitsAndEndsIt() throws Exception {
    for (int round = 0; round < 20; round++) {
      RecordingModel model = new RecordingModel(MODEL, SIGNALS, null);
      ExecutorService background = Executors.newSingleThreadExecutor();
      SessionOpener opener = new SessionOpener(model, background, folder);
      ObservedSession observed;
      try (OrtSession.SessionOptions options = options()) {
        observed = opener.open(ENVIRONMENT, source("bytes"), options, this::options, null);
      }
      Closing.close(observed);
      background.shutdown();
      assertThat(background.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
    assertThat(copies()).isEmpty();
  }

  private ObservedSession observe(RecordingModel model, ModelSource source) throws OrtException {
    SessionOpener opener = new SessionOpener(model, work, folder);
    // Closed at once, as applications do.
    try (OrtSession.SessionOptions options = options()) {
      ObservedSession observed = opener.open(ENVIRONMENT, source, options, this::options, null);
      open.add(() -> Closing.close(observed));
      return observed;
    }
  }

  private OrtSession.SessionOptions options() throws OrtException {
    optionsMade++;
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    return options;
  }

  private OrtSession original() throws OrtException {
    try (OrtSession.SessionOptions options = options()) {
      OrtSession session = ENVIRONMENT.createSession(MODEL, options);
      open.add(session);
      return session;
    }
  }

  private ModelSource source(String how) throws IOException {
    return switch (how) {
      case "path" -> ModelSource.of(Files.write(folder.resolve("model.onnx"), MODEL).toString());
      case "bytes" -> ModelSource.of(MODEL);
      default ->
          ModelSource.of((ByteBuffer) ByteBuffer.allocateDirect(MODEL.length).put(MODEL).flip());
    };
  }

  private static Set<String> names(ObservedSession observed) throws OrtException {
    return observed.outputNames();
  }

  private static void assertSame(
      OrtSession original, ObservedSession observed, int batch, int tokens) throws Exception {
    try (Inputs inputs = Inputs.of(ENVIRONMENT, golden(batch, tokens))) {
      int[] expected = bits(original.run(inputs.tensors()));
      assertThat(bits(observed.run(inputs.tensors(), names(observed), null, null)))
          .isEqualTo(expected);
    }
  }

  private static int[] bits(OrtSession.Result result) throws OrtException {
    try (result) {
      assertThat(result.size()).isEqualTo(1);
      for (Map.Entry<String, OnnxValue> output : result) {
        assertThat(output.getKey()).isEqualTo("last_hidden_state");
      }
      float[] values = ((OnnxTensor) result.get(0)).getFloatBuffer().array();
      int[] bits = new int[values.length];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = Float.floatToRawIntBits(values[i]);
      }
      return bits;
    }
  }

  private interface Run {
    AutoCloseable run() throws OrtException;
  }

  private static String message(Run run) throws Exception {
    try (AutoCloseable result = run.run()) {
      throw new AssertionError("the original does not fail: " + result);
    } catch (OrtException e) {
      return e.getMessage();
    }
  }

  private List<Path> copies() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(ModelCopy::isCopy).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last row is padded on the right. */
  private static ModelInput golden(int batch, int tokens) {
    Random random = new Random(batch * 100L + tokens);
    long[] shape = {batch, tokens};
    ByteBuffer ids = ByteBuffer.allocate(8 * batch * tokens).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer mask = ByteBuffer.allocate(8 * batch * tokens).order(ByteOrder.LITTLE_ENDIAN);
    for (int b = 0; b < batch; b++) {
      for (int t = 0; t < tokens; t++) {
        ids.putLong(random.nextInt(TransformerFixture.VOCABULARY));
        mask.putLong(b > 0 && b == batch - 1 && t >= (tokens + 1) / 2 ? 0 : 1);
      }
    }
    return new ModelInput(
        List.of(
            new ModelInput.Tensor("input_ids", "I64", shape, ids.flip()),
            new ModelInput.Tensor("attention_mask", "I64", shape, mask.flip())));
  }

  private static LinearProbe probe(String id, int layer, Pooling pooling) {
    Random random = new Random(id.hashCode());
    float[] weight = new float[TransformerFixture.WIDTH];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) random.nextGaussian();
    }
    return new LinearProbe(
        id,
        new HookPoint("blocks." + layer + ".hook_normalized_resid_post"),
        pooling,
        weight,
        0.5f,
        new Calibration.None(),
        null,
        "yes",
        "no");
  }

  static String tapOf(Signal signal) throws Exception {
    RecordingModel alone = new RecordingModel(MODEL, List.of(signal), null);
    return java.util.Objects.requireNonNull(alone.overlay()).taps().get(0);
  }

  /** An overlay that names the model's weights again, with other values. */
  static byte[] otherWeights() throws Exception {
    var model =
        io.innerspan.onnxruntime.graft.onnx.ModelProto.parseFrom(
            TransformerFixture.postNorm().withSeed(99).bytes());
    return io.innerspan.onnxruntime.graft.onnx.ModelProto.newBuilder()
        .setGraph(
            io.innerspan.onnxruntime.graft.onnx.GraphProto.newBuilder()
                .addAllInitializer(model.getGraph().getInitializerList()))
        .build()
        .toByteArray();
  }

  private static byte[] graphOnly(GraphWriter writer) {
    return io.innerspan.onnxruntime.graft.onnx.ModelProto.newBuilder()
        .setGraph(
            io.innerspan.onnxruntime.graft.onnx.GraphProto.newBuilder()
                .addAllNode(writer.graph().getNodeList()))
        .build()
        .toByteArray();
  }

  private static String sha256(byte[] bytes) throws Exception {
    return java.util.HexFormat.of()
        .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
