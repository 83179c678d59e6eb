package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Sae;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.Tolerance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * A real model that others made: all-MiniLM-L6-v2, 6 layers of width 384, exported for opset 11.
 */
class MiniLmTest {
  static byte[] model() throws IOException {
    try (InputStream in = MiniLmTest.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
      return Objects.requireNonNull(in, "the model in the client library's jar").readAllBytes();
    }
  }

  @Test
  void scan_realModel_findsItsLayers() throws Exception {
    byte[] bytes = model();
    long start = System.nanoTime();
    OnnxModel model = OnnxModel.scan(ByteBuffer.wrap(bytes));
    double millis = (System.nanoTime() - start) / 1e6;
    Logger.getLogger("MiniLmTest")
        .info(() -> String.format(Locale.ROOT, "scan took %.1f ms", millis));
    assertThat(model.layers()).hasSize(6);
    assertThat(model.maskInput()).isEqualTo("attention_mask");
    for (int layer = 0; layer < 6; layer++) {
      TapPoint tap =
          OnnxModelTest.resolve(model, "blocks." + layer + ".hook_normalized_resid_post");
      String tensor =
          layer == 5
              ? "last_hidden_state"
              : "/encoder/layer." + layer + "/output/LayerNorm/Add_1_output_0";
      assertThat(tap.tensor().name()).isEqualTo(tensor);
      assertThat(tap.tensor().shapeText()).isEqualTo("[batch_size, sequence_length, 384]");
      TapPoint sum = OnnxModelTest.resolve(model, "blocks." + layer + ".hook_resid_post");
      assertThat(sum.tensor().name()).isEqualTo("/encoder/layer." + layer + "/output/Add_output_0");
    }
  }

  @Test
  void reading_realModel_equalsReferenceAndKeepsOutputs() throws Exception {
    byte[] bytes = model();
    OnnxModel model = OnnxModel.scan(ByteBuffer.wrap(bytes));
    List<Signal> signals = signals();
    Overlay overlay = OverlayCompiler.compile(model, signals, Set.of());
    assertThat(overlay.refusals()).isEmpty();
    Exposure exposure =
        OverlayCompiler.expose(model, signals.stream().map(Signal::hookPoint).toList());
    List<Batch> batches = new ArrayList<>();
    List<Map<String, OnnxTensor>> feeds = new ArrayList<>();
    for (Batch.Padding padding : Batch.Padding.values()) {
      Batch batch = Batch.random(3, 24, padding, 17);
      Map<String, OnnxTensor> inputs = batch.feeds(DataType.INT64);
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      inputs.put("token_type_ids", OnnxTensor.createTensor(environment, new long[3][24]));
      batches.add(batch);
      feeds.add(inputs);
    }
    List<Ort.Outputs> original = Ort.run(bytes, feeds);
    List<Ort.Outputs> tapped = Ort.run(Ort.concat(bytes, exposure.bytes()), feeds);
    List<Ort.Outputs> grafted = Ort.run(Ort.concat(bytes, overlay.bytes()), feeds);
    for (int i = 0; i < batches.size(); i++) {
      Ort.Output state = original.get(i).get("last_hidden_state");
      assertThat(state.differentBits(grafted.get(i).get("last_hidden_state"))).isZero();
      Ort.Output reading = grafted.get(i).get(OverlayCompiler.READING);
      for (int column = 0; column < signals.size(); column++) {
        Signal signal = overlay.signals().get(column);
        String output = String.valueOf(exposure.outputs().get(signal.hookPoint()));
        Ort.Output activations = tapped.get(i).get(output);
        for (int row = 0; row < 3; row++) {
          boolean[] real = batches.get(i).real()[row];
          double reference = ReferenceSignal.value(signal, activations.row(row), real);
          assertThat((double) reading.row(row)[0][column])
              .as("row %s of %s", row, signal)
              .matches(value -> Tolerance.FP32.agrees(value, reference), "equals " + reference);
        }
      }
    }
  }

  @Test
  void reading_featuresDecodedInSteps_equalsReferenceAndKeepsOutputs() throws Exception {
    Batch batch = Batch.random(2, 12, Batch.Padding.LEFT, 5);
    Map<String, OnnxTensor> feeds = batch.feeds(DataType.INT64);
    feeds.put(
        "token_type_ids",
        OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), new long[2][12]));
    List<Signal> signals = new ArrayList<>();
    for (boolean rescale : new boolean[] {false, true}) {
      Sae sae = features(rescale);
      for (SaeFeatures.Scope scope : SaeFeatures.Scope.values()) {
        signals.add(
            new SaeFeatures(
                "f_" + scope.label() + "_" + rescale,
                new HookPoint("blocks.3.hook_normalized_resid_post"),
                sae,
                scope,
                5,
                List.of()));
      }
    }
    Grafted.of(model(), Gating.BY_COST, signals).check(batch, feeds, Tolerance.FP32);
  }

  /** Four rows of the decoder are gathered at a time, and two in the end. */
  private static Sae features(boolean rescale) {
    int features = 4 * 384;
    int active = 30;
    Random random = new Random(12);
    Sae sae =
        new Sae(
            384,
            features,
            new Sae.Activation.TopK(normal(features, random), active, rescale),
            Sae.Normalization.NONE,
            true,
            normal(384 * features, random),
            normal(384 * features, random),
            normal(384, random));
    assertThat(SaeCoder.isSparse(sae, active)).isTrue();
    return sae;
  }

  private static Floats normal(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (0.1 * random.nextGaussian());
    }
    return Floats.of("weights", values);
  }

  /** Of each layer a probe of each pooling and a norm. */
  private static List<Signal> signals() {
    List<Signal> signals = new ArrayList<>();
    for (int layer = 0; layer < 6; layer++) {
      String tap = "blocks." + layer + ".hook_normalized_resid_post";
      for (Pooling pooling : Signals.POOLINGS) {
        String id = "l" + layer + "_" + pooling.kind().label();
        signals.add(Signals.probe(id, tap, pooling, 384));
      }
      signals.add(Signals.norm("l" + layer + "_norm", tap));
    }
    return signals;
  }
}
