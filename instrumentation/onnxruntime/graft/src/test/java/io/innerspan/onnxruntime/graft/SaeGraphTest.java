package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Sae;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.SaeFeatures.Scope;
import io.innerspan.signals.SaeFeatures.Watched;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.RowInputs;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.Tabular;
import io.innerspan.testing.models.TransformerFixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaeGraphTest {
  private static final int FEATURES = 40;

  /** Of which few are active: the decoder's rows are gathered. */
  private static final int MANY_FEATURES = 128;

  private static final String TAP = "blocks.0.hook_normalized_resid_post";

  /** Every activation function with every normalisation, pooled and per token. */
  static List<Signal> all(String tap, int width) {
    Random random = new Random(99);
    List<Signal> signals = new ArrayList<>();
    for (Sae.Normalization normalization : Sae.Normalization.values()) {
      for (Sae.Activation activation : activations(random)) {
        for (Scope scope : Scope.values()) {
          Sae sae = sae(width, activation, normalization, signals.size() % 3 != 0, random);
          signals.add(signal("s" + signals.size(), tap, sae, scope));
        }
      }
      for (boolean rescale : new boolean[] {false, true}) {
        for (Scope scope : Scope.values()) {
          Sae sae = sparse(width, normalization, rescale, random);
          signals.add(signal("s" + signals.size(), tap, sae, scope));
        }
      }
    }
    return signals;
  }

  private static Sae sparse(
      int width, Sae.Normalization normalization, boolean rescale, Random random) {
    Sae.Activation.TopK activation =
        new Sae.Activation.TopK(normal(random, MANY_FEATURES, 1), 4, rescale);
    Sae sae =
        new Sae(
            width,
            MANY_FEATURES,
            activation,
            normalization,
            true,
            normal(random, width * MANY_FEATURES, 0.3),
            normal(random, width * MANY_FEATURES, 0.3),
            normal(random, width, 0.3));
    assertThat(SaeCoder.isSparse(sae, activation.k())).isTrue();
    return sae;
  }

  private static List<Sae.Activation> activations(Random random) {
    return List.of(
        new Sae.Activation.Standard(normal(random, FEATURES, 1)),
        new Sae.Activation.TopK(normal(random, FEATURES, 1), 7, false),
        new Sae.Activation.TopK(normal(random, FEATURES, 1), 7, true),
        new Sae.Activation.JumpRelu(normal(random, FEATURES, 1), normal(random, FEATURES, 1)),
        new Sae.Activation.Gated(
            normal(random, FEATURES, 1), normal(random, FEATURES, 1), normal(random, FEATURES, 1)));
  }

  private static Sae sae(
      int width,
      Sae.Activation activation,
      Sae.Normalization normalization,
      boolean subtract,
      Random random) {
    return new Sae(
        width,
        FEATURES,
        activation,
        normalization,
        subtract,
        normal(random, width * FEATURES, 0.3),
        normal(random, width * FEATURES, 0.3),
        normal(random, width, 0.3));
  }

  private static SaeFeatures signal(String id, String tap, Sae sae, Scope scope) {
    List<Watched> watched = List.of(new Watched(3, "third"), new Watched(31, "other"));
    return new SaeFeatures(id, new HookPoint(tap), sae, scope, 6, watched);
  }

  private static Floats normal(Random random, int count, double deviation) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return Floats.of("values", values);
  }

  /** No token twice in a row: where a feature is strongest must not hang on rounding. */
  private static Batch batch(int rows, int tokens, Batch.Padding padding, long seed) {
    Batch batch = Batch.random(rows, tokens, padding, seed);
    for (long[] ids : batch.ids()) {
      for (int token = 1; token < tokens; token++) {
        ids[token] = (ids[0] + 7L * token) % TransformerFixture.VOCABULARY;
      }
    }
    return batch;
  }

  private static void check(
      TransformerFixture model, List<Signal> signals, Batch batch, Tolerance tolerance)
      throws Exception {
    for (Gating gating : List.of(Gating.NONE, Gating.BY_COST)) {
      Grafted.of(model.bytes(), gating, signals).check(batch, batch.feeds(model.mask()), tolerance);
    }
  }

  static List<TransformerFixture> models() {
    return List.of(
        TransformerFixture.postNorm(),
        TransformerFixture.postNorm().withOpset(18),
        TransformerFixture.postNorm().withOpset(23),
        TransformerFixture.postNorm().spelledOut(9),
        TransformerFixture.postNorm().spelledOut(10),
        TransformerFixture.postNorm().spelledOut(11),
        TransformerFixture.postNorm().spelledOut(13));
  }

  @ParameterizedTest
  @MethodSource("models")
  void values_anyOperatorSet_equalReference(TransformerFixture model) throws Exception {
    Batch batch = batch(3, 9, Batch.Padding.RIGHT, 1);
    check(model, all(TAP, TransformerFixture.WIDTH), batch, Tolerance.FP32);
  }

  @ParameterizedTest
  @EnumSource(Batch.Padding.class)
  void values_paddingOnAnySide_equalReference(Batch.Padding padding) throws Exception {
    for (int rows : new int[] {1, 4}) {
      Batch batch = batch(rows, 12, padding, 7);
      List<Signal> signals = all(TAP, TransformerFixture.WIDTH);
      check(TransformerFixture.postNorm(), signals, batch, Tolerance.FP32);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 17})
  void values_gapsAndEmptyRows_equalReference(long opset) throws Exception {
    Batch batch = batch(3, 6, Batch.Padding.RIGHT, 4);
    batch.real()[0] = new boolean[] {false, true, false, true, true, false};
    batch.real()[1] = new boolean[6];
    List<Signal> signals = all(TAP, TransformerFixture.WIDTH);
    check(TransformerFixture.postNorm().spelledOut(opset), signals, batch, Tolerance.FP32);
  }

  @Test
  void values_someTokensOnly_equalReference() throws Exception {
    Batch batch = batch(3, 9, Batch.Padding.LEFT, 4);
    batch.real()[1] = new boolean[] {false, false, false, false, false, false, false, true, true};
    long[] ids = batch.ids()[1];
    List<Signal> signals = new ArrayList<>();
    for (TokenSelection selection :
        List.of(
            TokenSelection.excluding(ids[7]),
            TokenSelection.excluding(ids[7], ids[8]),
            TokenSelection.excluding(batch.ids()[0][8], batch.ids()[2][5]))) {
      for (Signal signal : all(TAP, TransformerFixture.WIDTH)) {
        SaeFeatures one = (SaeFeatures) signal;
        signals.add(
            new SaeFeatures(
                one.id() + "_" + signals.size(),
                one.hookPoint(),
                selection,
                one.sae(),
                one.scope(),
                one.top(),
                one.watched(),
                one.dictionary()));
      }
    }
    check(TransformerFixture.postNorm(), signals, batch, Tolerance.FP32);
  }

  @Test
  void values_halfPrecisionModel_equalReferenceOfTheSameRun() throws Exception {
    byte[] model = TransformerFixture.postNorm().withType(DataType.FLOAT16).bytes();
    Batch batch = batch(3, 8, Batch.Padding.LEFT, 2);
    List<Signal> signals = all(TAP, TransformerFixture.WIDTH);
    OnnxModel scanned = OnnxModelTest.scan(model);
    HookPoint tap = new HookPoint(TAP);
    // Another session may round elsewhere, and a feature be active in one of them alone.
    Exposure exposure = OverlayCompiler.expose(scanned, List.of(tap));
    Overlay overlay = OverlayCompiler.compile(scanned, signals, Set.of());
    byte[] both = Ort.concat(Ort.concat(model, exposure.bytes()), overlay.bytes());
    Ort.Outputs outputs = Ort.run(both, batch.feeds(DataType.INT64));
    Ort.Output activation = outputs.get(String.valueOf(exposure.outputs().get(tap)));
    for (int row = 0; row < 3; row++) {
      RowInputs inputs = RowInputs.of().mask(batch.mask(row)).activation(tap, activation.row(row));
      float[] values = outputs.get(OverlayCompiler.READING).row(row)[0];
      int column = 0;
      for (Signal signal : overlay.signals()) {
        for (double reference : ReferenceSignal.values(signal, inputs)) {
          float value = values[column++];
          assertThat(Tolerance.FP32.agrees(value, reference))
              .as("row %s of %s: expected %s, found %s", row, signal.id(), reference, value)
              .isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hidden", "hidden_bf16"})
  void values_activationWithoutTokens_isEncodedAsOne(String tap) throws Exception {
    Random random = new Random(8);
    float[][] rows = new float[3][Tabular.FEATURES];
    for (float[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    Map<String, OnnxTensor> feeds =
        Map.of("features", OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), rows));
    boolean[][] real = new boolean[3][];
    Arrays.fill(real, new boolean[] {true});
    Grafted.of(Tabular.brainFloat().bytes(), Gating.BY_COST, all(tap, Tabular.HIDDEN))
        .check(new Batch(new long[3][1], real), feeds, Tolerance.FP32);
  }

  @Test
  void values_identityAutoencoder_reconstructsWithoutError() throws Exception {
    // Features +x_i and -x_i: nothing is lost, and half of them are active.
    int width = TransformerFixture.WIDTH;
    float[] encoder = new float[width * 2 * width];
    float[] decoder = new float[2 * width * width];
    for (int i = 0; i < width; i++) {
      for (int sign = 0; sign < 2; sign++) {
        int feature = 2 * i + sign;
        encoder[i * 2 * width + feature] = 1 - 2 * sign;
        decoder[feature * width + i] = 1 - 2 * sign;
      }
    }
    Sae sae =
        new Sae(
            width,
            2 * width,
            new Sae.Activation.Standard(Floats.of("b_enc", new float[2 * width])),
            Sae.Normalization.NONE,
            false,
            Floats.of("W_enc", encoder),
            Floats.of("W_dec", decoder),
            Floats.of("b_dec", new float[width]));
    SaeFeatures signal = new SaeFeatures("s", new HookPoint(TAP), sae, Scope.TOKENS, 1, List.of());
    TransformerFixture model = TransformerFixture.postNorm();
    Batch batch = batch(3, 7, Batch.Padding.LEFT, 6);
    Grafted grafted = Grafted.of(model.bytes(), signal);
    Ort.Output reading = grafted.read(batch.feeds(model.mask()));
    for (int row = 0; row < 3; row++) {
      float[] values = grafted.values(reading, row, "s");
      assertThat(values[signal.activeFeatures()]).isCloseTo(width, within(1e-5f));
      assertThat(values[signal.reconstructionError()]).isZero();
    }
  }

  @Test
  void values_onlyTwoOfTheLargestAboveZero_areTheActiveOnes() throws Exception {
    // The encoder sees nothing, so that the biases alone say what is active at each token.
    float[] bias = new float[MANY_FEATURES];
    Arrays.fill(bias, -5);
    bias[100] = 3;
    bias[9] = 2;
    bias[5] = -1;
    bias[7] = -2;
    int width = TransformerFixture.WIDTH;
    float[] decoder = new float[MANY_FEATURES * width];
    Arrays.fill(decoder, 7 * width, 8 * width, 1000); // Of what ReLU takes away.
    Sae sae =
        new Sae(
            width,
            MANY_FEATURES,
            new Sae.Activation.TopK(Floats.of("b_enc", bias), 4, false),
            Sae.Normalization.NONE,
            false,
            Floats.of("W_enc", new float[width * MANY_FEATURES]),
            Floats.of("W_dec", decoder),
            Floats.of("b_dec", new float[width]));
    assertThat(SaeCoder.isSparse(sae, 4)).isTrue();
    TransformerFixture model = TransformerFixture.postNorm();
    Batch batch = batch(2, 7, Batch.Padding.LEFT, 6);
    batch.real()[0] = new boolean[] {false, false, true, false, true, true, true};
    Grafted grafted =
        Grafted.of(
            model.bytes(),
            signal("pooled", TAP, sae, Scope.POOLED),
            signal("tokens", TAP, sae, Scope.TOKENS));
    Ort.Output reading = grafted.read(batch.feeds(model.mask()));
    // Strongest features, activations, tokens; active ones, error; watched.
    assertThat(grafted.values(reading, 0, "tokens"))
        .containsExactly(100, 9, 0, 1, 2, 3, 3, 2, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 1, 0, 0);
    assertThat(grafted.values(reading, 0, "pooled"))
        .containsExactly(100, 9, 0, 1, 2, 3, 3, 2, 0, 0, 0, 0, 2, 1, 0, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "384, 3072, 32, true", // Eight rows at a time, in four steps.
    "384, 1536, 32, true", // Four rows at a time, in eight steps.
    "384, 1152, 32, false", // Three rows at a time: too many steps.
    "16, 128, 4, true",
    "16, 127, 4, false", // Not few enough.
    "4096, 3072, 8, true", // A row at a time.
    "4096, 3072, 9, false"
  })
  void isSparse_fewActiveFeaturesInFewSteps_isTrue(int in, int all, int k, boolean expected) {
    Sae sae =
        new Sae(
            in,
            all,
            new Sae.Activation.TopK(Floats.of("b_enc", new float[all]), k, false),
            Sae.Normalization.NONE,
            false,
            Floats.of("W_enc", new float[in * all]),
            Floats.of("W_dec", new float[in * all]),
            Floats.of("b_dec", new float[in]));
    assertThat(SaeCoder.isSparse(sae, k)).isEqualTo(expected);
  }

  @Test
  void compile_sameWeightsTwice_areInTheOverlayOnce() throws Exception {
    OnnxModel model = OnnxModelTest.scan(TransformerFixture.postNorm().bytes());
    Random random = new Random(3);
    Sae sae =
        sae(
            TransformerFixture.WIDTH,
            activations(random).get(0),
            Sae.Normalization.NONE,
            true,
            random);
    Signal pooled = signal("pooled", TAP, sae, Scope.POOLED);
    Signal tokens = signal("tokens", TAP, sae, Scope.TOKENS);
    int one = OverlayCompiler.compile(model, List.of(tokens), Set.of()).bytes().length;
    int two =
        OverlayCompiler.compile(model, List.of(tokens, pooled), Set.of(), Gating.BY_COST)
            .bytes()
            .length;
    int matrix = sae.encoder().size() * Float.BYTES;
    assertThat(one).isGreaterThan(2 * matrix);
    assertThat(two - one).isLessThan(2 * matrix);
  }

  @Test
  void compile_otherWidth_isRefused() throws Exception {
    OnnxModel model = OnnxModelTest.scan(TransformerFixture.postNorm().bytes());
    Random random = new Random(3);
    Sae sae = sae(5, activations(random).get(0), Sae.Normalization.NONE, true, random);
    SignalRefusal refusal =
        OverlayCompiler.compile(model, List.of(signal("s", TAP, sae, Scope.POOLED)), Set.of())
            .refusals()
            .get("s");
    assertThat(refusal).isNotNull();
    assertThat(refusal.reason()).isEqualTo(SignalRefusal.Reason.NO_HOOK_POINT);
    assertThat(refusal.detail()).contains("width 5, found 16");
  }
}
