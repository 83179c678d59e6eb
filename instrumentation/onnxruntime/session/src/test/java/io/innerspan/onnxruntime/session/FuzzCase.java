package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.TapPoint;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Signal;
import io.innerspan.testing.models.ExampleTensor;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.mutation.ModelMutator;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A damaged model, opened and run without us and with us. */
final class FuzzCase {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private final SmallModel base;
  private final byte[] bytes;
  private final boolean gated;
  private final boolean golden;
  private final Path folder;
  private final @Nullable Path file;

  /**
   * @param folder for the model's file, its external data, and our copies
   */
  FuzzCase(List<SmallModel> models, ModelMutator mutator, int number, long seed, Path folder)
      throws IOException {
    Random random = new Random(seed * 1_000_003 + number);
    int model = number % models.size();
    base = models.get(model);
    bytes = mutator.mutate(model, random);
    gated = random.nextBoolean();
    golden = random.nextBoolean();
    this.folder = folder;
    boolean onDisk = !base.files().isEmpty() || random.nextBoolean();
    file = onDisk ? Files.write(base.write(folder), bytes) : null;
  }

  private static OrtSession.SessionOptions options() {
    try {
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      options.setIntraOpNumThreads(1);
      return options;
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the application sees without us. */
  String plain() {
    return FuzzOutcome.of(
        () -> {
          try (OrtSession.SessionOptions options = options();
              OrtSession session =
                  file == null
                      ? ENVIRONMENT.createSession(bytes, options)
                      : ENVIRONMENT.createSession(file.toString(), options);
              OrtSession.Result result = session.run(feeds())) {
            return FuzzOutcome.of(session.getInputNames(), session.getOutputNames(), result);
          }
        });
  }

  /**
   * What the application sees with us, before and after the graft was certified.
   *
   * @param came told in a word what became of the graft
   * @return two outcomes, or none where there is no graft to open
   */
  List<String> ours(StringBuilder came) throws Exception {
    RecordingModel model;
    try {
      OnnxModel scanned = OnnxModel.scan(ByteBuffer.wrap(bytes));
      model = new RecordingModel(bytes, signals(scanned, golden), null);
    } catch (ModelRefusedException e) {
      came.append("not scanned");
      return List.of();
    }
    if (gated) {
      model.gating = signal -> true;
      model.openGates = -1;
    }
    ModelInput input = golden ? InputCopy.of(feeds()) : null;
    model.golden = input == null ? List.of() : List.of(input);
    Work work = new Work();
    List<String> outcomes = new ArrayList<>();
    outcomes.add(FuzzOutcome.of(() -> observed(model, work, outcomes)));
    if (!model.faults.isEmpty()) {
      throw new IllegalStateException("a fault of ours", model.faults.get(0));
    }
    came.append(model.certified ? "certified" : "not certified");
    for (Refusal refusal : model.refusals) {
      came.append(", ").append(refusal.reason());
    }
    return outcomes;
  }

  /** Returns what a run sees after certification, and adds what one sees before. */
  private String observed(RecordingModel model, Work work, List<String> outcomes) throws Exception {
    SessionOpener opener = new SessionOpener(model, work, folder);
    ModelSource source = file == null ? ModelSource.of(bytes) : ModelSource.of(file.toString());
    ObservedSession observed;
    try (OrtSession.SessionOptions options = options()) {
      observed = opener.open(ENVIRONMENT, source, options, FuzzCase::options, null);
    }
    try {
      outcomes.add(FuzzOutcome.of(() -> run(observed)));
      work.doAll();
      return run(observed);
    } finally {
      Closing.close(observed);
      work.doAll();
    }
  }

  private String run(ObservedSession observed) throws Exception {
    try (OrtSession.Result result = observed.run(feeds(), observed.outputNames(), null, null)) {
      return FuzzOutcome.of(observed.inputNames(), observed.outputNames(), result);
    }
  }

  private Map<String, OnnxTensor> feeds() throws OrtException {
    Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
    for (Map.Entry<String, ExampleTensor> input : base.example(base.anyShape()).entrySet()) {
      ExampleTensor tensor = input.getValue();
      OnnxJavaType type = OnnxJavaType.valueOf(tensor.type().name());
      feeds.put(
          input.getKey(),
          OnnxTensor.createTensor(ENVIRONMENT, tensor.data(), tensor.shape(), type));
    }
    return feeds;
  }

  /**
   * A norm at each place, and a probe where the width is known.
   *
   * @param everywhere also where a fusion may be lost, which certification sees only with inputs
   *     like the application's
   */
  private static List<Signal> signals(OnnxModel model, boolean everywhere) {
    Map<String, TapPoint> taps = new LinkedHashMap<>();
    model.hookPoints().forEach(tap -> taps.put(tap.hookPoint().name(), tap));
    model.candidates().forEach(tap -> taps.putIfAbsent(tap.hookPoint().name(), tap));
    taps.values().removeIf(tap -> !everywhere && tap.safety() != TapPoint.Safety.SAFE);
    List<Signal> signals = new ArrayList<>();
    for (TapPoint tap : taps.values()) {
      String id = "s" + signals.size();
      HookPoint place = tap.hookPoint();
      signals.add(ActivationSummary.norm(id, place));
      if (tap.width() > 0 && tap.width() < 100) {
        float[] weight = new float[(int) tap.width()];
        Arrays.fill(weight, 0.25f);
        Calibration none = new Calibration.None();
        Pooling pooling = Pooling.MEAN;
        signals.add(
            new LinearProbe(id + "p", place, pooling, weight, 0.5f, none, null, "yes", "no"));
      }
    }
    return signals;
  }
}
