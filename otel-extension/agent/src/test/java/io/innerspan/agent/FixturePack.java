package io.innerspan.agent;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Overlay;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Sae;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Signal;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.PackBuilder;
import io.innerspan.signals.pack.PackWriter;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.signals.safetensors.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/** A pack of one probe, at the output of the first layer, for a small model. */
final class FixturePack {
  private static final int WIDTH = 16;
  private static final HookPoint PLACE = new HookPoint("blocks.0.hook_normalized_resid_post");
  private static final long[] IDS = {3, 1, 4, 1, 5};

  /** Writes a pack named and its probe identified by {@code name}. */
  static void write(Path folder, String name, Path model) throws Exception {
    write(folder, name, model, golden -> List.of());
  }

  /** The same with more signals, which have no golden values. */
  static void write(Path folder, String name, Path model, List<Signal> more) throws Exception {
    write(folder, name, model, golden -> List.of(), more);
  }

  /**
   * The same with canaries.
   *
   * @param canaries made of the pack's golden input
   */
  static void write(
      Path folder, String name, Path model, Function<GoldenInput, List<Canary>> canaries)
      throws Exception {
    write(folder, name, model, canaries, List.of());
  }

  private static void write(
      Path folder,
      String name,
      Path model,
      Function<GoldenInput, List<Canary>> canaries,
      List<Signal> more)
      throws Exception {
    float[] weight = new float[WIDTH];
    Arrays.fill(weight, 0.25f);
    weight[0] = -1;
    LinearProbe probe =
        new LinearProbe(
            name,
            PLACE,
            Pooling.MEAN,
            weight,
            0.5f,
            new Calibration.None(),
            new Threshold(0.5, 0.01),
            "seen",
            "unseen");
    OnnxModel scanned = OnnxModel.scan(model);
    float[] x = new float[WIDTH];
    x[0] = 1;
    GoldenInput golden = golden(probe, scanned, model);
    PackBuilder pack =
        ProbePack.builder(
                name,
                "1.0.0",
                "Apache-2.0",
                new ModelIdentity(name, MiniLm.sha256(model), scanned.structure()))
            .probe(
                probe,
                Tensor.ofFloats(x, 1, WIDTH),
                Tensor.ofFloats(new float[] {(float) ReferenceProbe.logit(probe, x)}))
            .goldenInput(golden);
    canaries.apply(golden).forEach(pack::canary);
    more.forEach(pack::signal);
    PackWriter.write(folder.resolve(name), pack.build());
  }

  /**
   * A dictionary of random features, behind a gate, at the same place: many cost more than the
   * model.
   */
  static SaeFeatures features(String id, int features) {
    Random random = new Random(features);
    Sae sae =
        new Sae(
            WIDTH,
            features,
            new Sae.Activation.Standard(normal(random, features)),
            Sae.Normalization.NONE,
            true,
            normal(random, WIDTH * features),
            normal(random, WIDTH * features),
            normal(random, WIDTH));
    return new SaeFeatures(id, PLACE, sae, SaeFeatures.Scope.TOKENS, 4, List.of());
  }

  private static Floats normal(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (0.1 * random.nextGaussian());
    }
    return Floats.of("values", values);
  }

  /** What the model with the probe reads; where the probe cannot be compiled, anything. */
  private static GoldenInput golden(LinearProbe probe, OnnxModel scanned, Path model)
      throws Exception {
    Overlay overlay = OverlayCompiler.compile(scanned, List.of(probe), Set.of());
    long[] ones = new long[IDS.length];
    Arrays.fill(ones, 1);
    float logit = overlay.isEmpty() ? 0 : read(overlay, model, ones);
    return new GoldenInput(
        Map.of(
            "input_ids", Tensor.ofLongs(IDS, 1, IDS.length),
            "attention_mask", Tensor.ofLongs(ones, 1, IDS.length)),
        Map.of(probe.id(), Tensor.ofFloats(new float[] {logit})));
  }

  private static float read(Overlay overlay, Path model, long[] mask) throws Exception {
    byte[] original = Files.readAllBytes(model);
    byte[] grafted = Arrays.copyOf(original, original.length + overlay.bytes().length);
    System.arraycopy(overlay.bytes(), 0, grafted, original.length, overlay.bytes().length);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(grafted);
        OnnxTensor ids = OnnxTensor.createTensor(environment, new long[][] {IDS});
        OnnxTensor ones = OnnxTensor.createTensor(environment, new long[][] {mask});
        OrtSession.Result result = session.run(Map.of("input_ids", ids, "attention_mask", ones))) {
      OnnxTensor reading = (OnnxTensor) result.get(overlay.readingOutput()).orElseThrow();
      return reading.getFloatBuffer().get(0);
    }
  }

  private FixturePack() {}
}
