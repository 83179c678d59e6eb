package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.onnxruntime.graft.onnx.TypeProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.Tabular;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the graph computes is what the reference mathematics gives on tapped activations. */
class OverlayInRuntimeTest {
  private static final int WIDTH = TransformerFixture.WIDTH;

  private static final String[] POST_NORM_TAPS = {
    "blocks.0.hook_resid_pre",
    "blocks.0.hook_normalized_resid_post",
    "blocks.1.hook_normalized_resid_post",
    "last_hidden_state"
  };

  static List<TransformerFixture> models() {
    return List.of(
        TransformerFixture.postNorm(),
        TransformerFixture.postNorm().withOpset(18),
        TransformerFixture.postNorm().withOpset(21),
        TransformerFixture.postNorm().withOpset(23),
        TransformerFixture.postNorm().spelledOut(9),
        TransformerFixture.postNorm().spelledOut(10),
        TransformerFixture.postNorm().spelledOut(11),
        TransformerFixture.postNorm().spelledOut(12),
        TransformerFixture.postNorm().spelledOut(13),
        TransformerFixture.postNorm().spelledOut(18));
  }

  @ParameterizedTest
  @MethodSource("models")
  void reading_anyOperatorSet_equalsReference(TransformerFixture model) throws Exception {
    List<Signal> signals = Signals.mixed(WIDTH, POST_NORM_TAPS);
    if (model.opset() < 10) {
      Signals.remove(signals, Pooling.Kind.LAST, Pooling.Kind.TOP_K_MEAN);
    }
    if (model.opset() < 11) {
      Signals.remove(signals, Pooling.Kind.ROLLING_MAX, Pooling.Kind.EMA);
    }
    check(model, signals, Batch.random(4, 9, Batch.Padding.RIGHT, 1), Tolerance.FP32);
  }

  @ParameterizedTest
  @EnumSource(Batch.Padding.class)
  void reading_mlpsAndHeads_equalReference(Batch.Padding padding) throws Exception {
    for (TransformerFixture model : models()) {
      if (model.opset() >= 11) {
        List<Signal> signals = Signals.heads(WIDTH, POST_NORM_TAPS[0]);
        check(model, signals, Batch.random(3, 11, padding, 5), Tolerance.FP32);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Batch.Padding.class)
  void reading_paddingOnAnySide_equalsReference(Batch.Padding padding) throws Exception {
    List<Signal> signals = Signals.mixed(WIDTH, POST_NORM_TAPS);
    for (int rows : new int[] {1, 2, 7}) {
      Batch batch = Batch.random(rows, 12, padding, rows);
      check(TransformerFixture.postNorm(), signals, batch, Tolerance.FP32);
      check(TransformerFixture.postNorm().spelledOut(11), signals, batch, Tolerance.FP32);
    }
  }

  @ParameterizedTest
  @EnumSource(Batch.Padding.class)
  void reading_manyProbesOfOneActivation_equalsReference(Batch.Padding padding) throws Exception {
    List<Signal> signals = Signals.mixed(WIDTH, POST_NORM_TAPS[0], POST_NORM_TAPS[1]);
    for (int i = 0; i < 20; i++) {
      Pooling pooling = Pooling.PLAIN.get(i % Pooling.PLAIN.size());
      signals.add(i, Signals.probe("more_" + i, POST_NORM_TAPS[1], pooling, WIDTH));
    }
    Batch batch = Batch.random(3, 10, padding, 7);
    check(TransformerFixture.postNorm(), signals, batch, Tolerance.FP32);
  }

  /** A matrix of tokens times tokens would take gigabytes for the longest of these. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63, 64, 65, 129, 20_000})
  void reading_poolingsInOrder_ofTextsOfAnyLength_equalReference(int tokens) throws Exception {
    Batch batch = Batch.random(3, tokens, Batch.Padding.BOTH, tokens);
    Random random = new Random(tokens);
    for (int token = 0; token < tokens; token++) {
      batch.real()[0][token] = random.nextInt(5) > 0; // Padding between real tokens too.
    }
    Map<String, OnnxTensor> feeds = batch.feeds(DataType.INT64);
    check(HandMadeModels.longText(), feeds, batch.real(), inOrder("tokens"), Tolerance.FP32);
  }

  /** A short text is padded to k where that is few, and measured where it is not. */
  @ParameterizedTest
  @ValueSource(ints = {1, 63, 65, 200})
  void reading_greatestLogits_ofTextsOfAnyLength_equalReference(int tokens) throws Exception {
    Batch batch = Batch.random(3, tokens, Batch.Padding.BOTH, tokens);
    List<Signal> signals = greatest("tokens", 4);
    Map<String, OnnxTensor> feeds = batch.feeds(DataType.INT64);
    check(HandMadeModels.longText(), feeds, batch.real(), signals, Tolerance.FP32);
  }

  @Test
  void reading_greatestLogits_anyOperatorSet_equalReference() throws Exception {
    for (TransformerFixture model : models()) {
      List<Signal> signals = greatest(POST_NORM_TAPS[1], WIDTH);
      if (model.opset() < 10) {
        Signals.remove(signals, Pooling.Kind.TOP_K_MEAN);
      }
      check(model, signals, Batch.random(3, 12, Batch.Padding.LEFT, 4), Tolerance.FP32);
    }
  }

  private static List<Signal> greatest(String tap, int width) {
    List<Signal> signals = new ArrayList<>();
    for (int k : new int[] {1, 5, 64, 65, 1 << 20}) {
      signals.add(Signals.probe("top_" + k, tap, Pooling.topKMean(k), width));
    }
    for (double temperature : new double[] {1e-3, 1, 1e6}) {
      String id = "softmax_" + (long) (1e3 * temperature);
      signals.add(Signals.probe(id, tap, Pooling.softmax(temperature), width));
    }
    signals.add(Signals.probe("max", tap, Pooling.MAX, width));
    return signals;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 300})
  void reading_poolingsInOrder_withoutMask_equalReference(int tokens) throws Exception {
    Random random = new Random(tokens);
    float[][][] x = new float[2][tokens][4];
    boolean[][] real = new boolean[2][tokens];
    for (int row = 0; row < 2; row++) {
      Arrays.fill(real[row], true);
      for (float[] token : x[row]) {
        for (int i = 0; i < token.length; i++) {
          token[i] = (float) random.nextGaussian();
        }
      }
    }
    Map<String, OnnxTensor> feeds =
        Map.of("x", OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), x));
    check(HandMadeModels.twoLengths(), feeds, real, inOrder("fine"), Tolerance.FP32);
  }

  private static List<Signal> inOrder(String tap) {
    List<Signal> signals = new ArrayList<>();
    for (int window : new int[] {1, 3, 10, 500, 1 << 20}) {
      signals.add(Signals.probe("rolling_" + window, tap, Pooling.rollingMax(window), 4));
    }
    for (int window : new int[] {1, 3, 10, 64}) {
      signals.add(Signals.rolling("attention_" + window, tap, window, 4));
    }
    for (double alpha : new double[] {1, 0.5, 0.9, 0.01, 1e-4}) {
      signals.add(Signals.probe("ema_" + (int) (1e4 * alpha), tap, Pooling.ema(alpha), 4));
    }
    return signals;
  }

  @Test
  void reading_activationsOfDifferentLengths_poolsEachOverItsOwnTokens() throws Exception {
    float[][][] tokens = {{{1, 0, 0, 0}, {7, 0, 0, 0}, {3, 0, 0, 0}}};
    List<Signal> signals = new ArrayList<>();
    for (String tap : List.of("fine", "coarse")) {
      for (Pooling pooling : List.of(Pooling.MEAN, Pooling.MAX)) {
        String id = tap + "_" + pooling.kind().label();
        signals.add(
            new LinearProbe(
                id,
                new HookPoint(tap),
                pooling,
                new float[] {1, 0, 0, 0},
                0,
                new Calibration.None(),
                null,
                "yes",
                "no"));
      }
    }
    Grafted grafted = Grafted.of(HandMadeModels.twoLengths(), Gating.NONE, signals);

    OnnxTensor x = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), tokens);
    float[] row = grafted.read(Map.of("x", x)).row(0)[0];

    Map<String, Float> values = new HashMap<>();
    List<Signal> columns = grafted.overlay().signals();
    for (int i = 0; i < columns.size(); i++) {
      values.put(columns.get(i).id(), row[i]);
    }
    assertThat(values)
        .isEqualTo(
            Map.of("fine_mean", 11f / 3, "fine_max", 7f, "coarse_mean", 2f, "coarse_max", 3f));
  }

  @Test
  void reading_preNormModel_equalsReference() throws Exception {
    List<Signal> signals =
        Signals.mixed(
            WIDTH,
            "blocks.0.hook_resid_pre",
            "blocks.0.hook_resid_mid",
            "blocks.0.hook_resid_post",
            "last_hidden_state");
    Batch batch = Batch.random(3, 10, Batch.Padding.LEFT, 5);
    check(TransformerFixture.preNorm(), signals, batch, Tolerance.FP32);
    check(TransformerFixture.preNorm().spelledOut(13), signals, batch, Tolerance.FP32);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"INT64", "INT32", "FLOAT", "BOOL", "FLOAT16"})
  void reading_maskOfAnyType_equalsReference(DataType mask) throws Exception {
    TransformerFixture model = TransformerFixture.postNorm().withMask(mask);
    List<Signal> signals = Signals.mixed(WIDTH, POST_NORM_TAPS);
    check(model, signals, Batch.random(3, 8, Batch.Padding.BOTH, 9), Tolerance.FP32);
  }

  @Test
  void reading_irVersion3_equalsReference() throws Exception {
    Batch batch = Batch.random(2, 6, Batch.Padding.RIGHT, 8);
    List<Signal> signals = List.of(Signals.norm("n", POST_NORM_TAPS[1]));
    check(irVersion3(), batch.feeds(DataType.INT64), batch.real(), signals, Tolerance.FP32);
  }

  static byte[] irVersion3() {
    ModelProto.Builder model = TransformerFixture.postNorm().spelledOut(9).model().toBuilder();
    model.setIrVersion(3);
    // Up to version 3 of the format every initializer is an input too.
    for (TensorProto initializer : model.getGraph().getInitializerList()) {
      TypeProto.Tensor.Builder type =
          TypeProto.Tensor.newBuilder().setElemType(initializer.getDataType());
      initializer
          .getDimsList()
          .forEach(dim -> type.getShapeBuilder().addDimBuilder().setDimValue(dim));
      model
          .getGraphBuilder()
          .addInput(
              ValueInfoProto.newBuilder()
                  .setName(initializer.getName())
                  .setType(TypeProto.newBuilder().setTensorType(type)));
    }
    return model.build().toByteArray();
  }

  @Test
  void reading_sumBeforeNorm_equalsReference() throws Exception {
    List<Signal> signals =
        Signals.mixed(WIDTH, "blocks.0.hook_resid_mid", "blocks.1.hook_resid_post");
    Batch batch = Batch.random(3, 8, Batch.Padding.RIGHT, 6);
    check(TransformerFixture.postNorm(), signals, batch, Tolerance.FP32);
  }

  @Test
  void reading_halfPrecisionModel_equalsReference() throws Exception {
    TransformerFixture model = TransformerFixture.postNorm().withType(DataType.FLOAT16);
    List<Signal> signals =
        Signals.mixed(
            WIDTH, "blocks.0.hook_normalized_resid_post", "blocks.1.hook_normalized_resid_post");
    check(model, signals, Batch.random(3, 8, Batch.Padding.RIGHT, 2), Tolerance.FP16);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 17})
  void reading_rowWithoutRealTokens_hasZeroTokensAndLeavesOtherRows(long opset) throws Exception {
    Batch batch = Batch.random(3, 6, Batch.Padding.RIGHT, 3);
    batch.real()[1] = new boolean[6];
    List<Signal> signals = Signals.mixed(WIDTH, POST_NORM_TAPS);
    check(TransformerFixture.postNorm().spelledOut(opset), signals, batch, Tolerance.FP32);
  }

  @Test
  void reading_paddingWithinRow_countsRealTokensOnly() throws Exception {
    Batch batch = Batch.random(2, 6, Batch.Padding.RIGHT, 4);
    batch.real()[0] = new boolean[] {false, true, false, true, true, false};
    batch.real()[1] = new boolean[] {false, false, false, true, false, false};
    List<Signal> signals = Signals.mixed(WIDTH, POST_NORM_TAPS);
    check(TransformerFixture.postNorm(), signals, batch, Tolerance.FP32);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hidden", "hidden_bf16"})
  void reading_tabularModel_takesRowAsOneToken(String tap) throws Exception {
    byte[] model = Tabular.brainFloat().bytes();
    List<Signal> signals = Signals.mixed(Tabular.HIDDEN, tap);
    signals.addAll(Signals.heads(Tabular.HIDDEN, tap));
    Signals.remove(signals, Pooling.Kind.EMA);
    Random random = new Random(8);
    float[][] rows = new float[5][Tabular.FEATURES];
    for (float[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    Map<String, OnnxTensor> feeds =
        Map.of("features", OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), rows));
    boolean[][] real = new boolean[5][];
    Arrays.fill(real, new boolean[] {true});
    check(model, feeds, real, signals, Tolerance.FP32);
  }

  private static void check(
      TransformerFixture model, List<Signal> signals, Batch batch, Tolerance tolerance)
      throws Exception {
    check(model.bytes(), batch.feeds(model.mask()), batch.real(), signals, tolerance);
  }

  private static void check(
      byte[] model,
      Map<String, OnnxTensor> feeds,
      boolean[][] real,
      List<Signal> signals,
      Tolerance tolerance)
      throws ModelRefusedException, OrtException {
    OnnxModel scanned = OnnxModel.scan(ByteBuffer.wrap(model));
    Overlay overlay = OverlayCompiler.compile(scanned, signals, Set.of());
    assertThat(overlay.refusals()).isEmpty();
    assertThat(overlay.signals()).containsExactlyInAnyOrderElementsOf(signals);
    Exposure exposure =
        OverlayCompiler.expose(scanned, signals.stream().map(Signal::hookPoint).toList());

    Ort.Outputs original = Ort.run(model, feeds);
    Ort.Outputs tapped = Ort.run(Ort.concat(model, exposure.bytes()), feeds);
    Ort.Outputs grafted = Ort.run(Ort.concat(model, overlay.bytes()), feeds);

    List<String> names = new ArrayList<>(original.byName().keySet());
    names.add(OverlayCompiler.READING);
    assertThat(grafted.byName().keySet()).containsExactlyElementsOf(names);
    // A tap that is called safe leaves every bit as it was.
    boolean safe =
        signals.stream()
            .map(signal -> scanned.resolve(signal.hookPoint()))
            .allMatch(tap -> tap != null && tap.safety() == TapPoint.Safety.SAFE);
    for (Map.Entry<String, Ort.Output> output : original.byName().entrySet()) {
      int different = output.getValue().differentBits(grafted.get(output.getKey()));
      assertThat(safe ? different : 0).as(output.getKey()).isZero();
    }
    Ort.Output reading = grafted.get(OverlayCompiler.READING);
    assertThat(reading.shape()).containsExactly(real.length, signals.size() + 1);
    for (int row = 0; row < real.length; row++) {
      float[] values = reading.row(row)[0];
      int tokens = 0;
      for (boolean one : real[row]) {
        tokens += one ? 1 : 0;
      }
      assertThat(values[signals.size()]).isEqualTo(tokens);
      for (int column = 0; tokens > 0 && column < signals.size(); column++) {
        Signal signal = overlay.signals().get(column);
        float[][] activations =
            tapped.get(String.valueOf(exposure.outputs().get(signal.hookPoint()))).row(row);
        double reference = ReferenceSignal.value(signal, activations, real[row]);
        assertThat((double) values[column])
            .as("row %s of %s", row, signal)
            .matches(value -> tolerance.agrees(value, reference), "equals " + reference);
      }
    }
  }
}
