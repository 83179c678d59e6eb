package io.innerspan.agent;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Overlay;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Signal;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.PackBuilder;
import io.innerspan.signals.pack.PackWriter;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.testing.models.ExampleShape;
import io.innerspan.testing.models.ExampleTensor;
import io.innerspan.testing.models.SmallModels;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A pack of seeded probes for the small decoder with a cache, with honest golden cases. */
final class DecoderPack {
  static final int WIDTH = 16;
  static final HookPoint PLACE = new HookPoint("blocks.1.hook_resid_post");
  static final List<LinearProbe> PROBES =
      List.of(probe("mean", Pooling.MEAN), probe("last", Pooling.LAST), probe("max", Pooling.MAX));

  private static LinearProbe probe(String id, Pooling pooling) {
    Random random = new Random(id.hashCode());
    float[] weight = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      weight[i] = (float) random.nextGaussian();
    }
    Threshold threshold = new Threshold(0.5, 0.01);
    return new LinearProbe(
        id, PLACE, pooling, weight, 0.25f, new Calibration.None(), threshold, "seen", "unseen");
  }

  static void write(Path folder, Path model) throws Exception {
    OnnxModel scanned = OnnxModel.scan(model);
    PackBuilder pack =
        ProbePack.builder(
            "decoder",
            "1.0.0",
            "Apache-2.0",
            new ModelIdentity("decoder", MiniLm.sha256(model), scanned.structure()));
    float[] x = new float[WIDTH];
    x[0] = 1;
    for (LinearProbe probe : PROBES) {
      float logit = (float) ReferenceProbe.logit(probe, x);
      pack = pack.probe(probe, Tensor.ofFloats(x, 1, WIDTH), Tensor.ofFloats(new float[] {logit}));
    }
    PackWriter.write(folder.resolve("decoder"), pack.goldenInput(golden(scanned, model)).build());
  }

  static byte[] concatenate(Path model, byte[] overlay) throws Exception {
    byte[] original = Files.readAllBytes(model);
    byte[] both = Arrays.copyOf(original, original.length + overlay.length);
    System.arraycopy(overlay, 0, both, original.length, overlay.length);
    return both;
  }

  /** Five tokens after three that are cached, and what the graft reads of them. */
  private static GoldenInput golden(OnnxModel scanned, Path model) throws Exception {
    Map<String, ExampleTensor> example =
        SmallModels.named("decoder-with-cache").example(ExampleShape.of(1, 5).withPast(3));
    Overlay overlay = OverlayCompiler.compile(scanned, List.<Signal>copyOf(PROBES), Set.of());
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, Tensor> golden = new LinkedHashMap<>();
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    for (Map.Entry<String, ExampleTensor> input : example.entrySet()) {
      ExampleTensor tensor = input.getValue();
      boolean ids = tensor.type() == DataType.INT64;
      golden.put(
          input.getKey(),
          ids
              ? Tensor.ofLongs(tensor.longs(), tensor.shape())
              : Tensor.ofFloats(tensor.floats(), tensor.shape()));
      inputs.put(
          input.getKey(),
          ids
              ? OnnxTensor.createTensor(environment, tensor.data().asLongBuffer(), tensor.shape())
              : OnnxTensor.createTensor(
                  environment, tensor.data().asFloatBuffer(), tensor.shape()));
    }
    Map<String, Tensor> logits = new HashMap<>();
    try (OrtSession session = environment.createSession(concatenate(model, overlay.bytes()));
        OrtSession.Result result = session.run(inputs)) {
      FloatBuffer reading =
          ((OnnxTensor) result.get(overlay.readingOutput()).orElseThrow()).getFloatBuffer();
      for (int i = 0; i < PROBES.size(); i++) {
        logits.put(PROBES.get(i).id(), Tensor.ofFloats(new float[] {reading.get(i)}));
      }
    }
    return new GoldenInput(golden, logits);
  }

  private DecoderPack() {}
}
