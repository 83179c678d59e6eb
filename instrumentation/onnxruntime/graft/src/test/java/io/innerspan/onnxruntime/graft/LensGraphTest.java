package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.LayerLens.Translator;
import io.innerspan.signals.Position;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.ModelTail;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.ExampleShape;
import io.innerspan.testing.models.ExampleTensor;
import io.innerspan.testing.models.InductionHead;
import io.innerspan.testing.models.Padding;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.testing.models.TransformerFixture;
import io.innerspan.testing.models.TransformerFixture.Head;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LensGraphTest {
  private static final HookPoint LOGITS = new HookPoint("logits");
  private static final int WIDTH = TransformerFixture.WIDTH;
  private static final int TOP = 3;

  private static List<HookPoint> layers(byte[] model) throws ModelRefusedException {
    return OnnxModelTest.scan(model).layers().stream()
        .map(layer -> layer.normalized() == null ? layer.sum() : layer.normalized())
        .map(output -> new HookPoint(Objects.requireNonNull(output)))
        .toList();
  }

  private static LayerLens lens(String id, List<HookPoint> layers, Position position) {
    return new LayerLens(id, layers, LOGITS, position, TOP, List.of());
  }

  private static List<Translator> translators(int count, Random random, double deviation) {
    List<Translator> translators = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] weight = new float[WIDTH * WIDTH];
      float[] bias = new float[WIDTH];
      for (int w = 0; w < weight.length; w++) {
        weight[w] = (float) (deviation * random.nextGaussian());
      }
      for (int b = 0; b < WIDTH; b++) {
        bias[b] = (float) (deviation * random.nextGaussian());
      }
      translators.add(new Translator(Floats.of("A", weight), Floats.of("b", bias)));
    }
    return translators;
  }

  /** Every position, with and without translators, and some layers alone. */
  private static List<Signal> lenses(byte[] model, long token) throws ModelRefusedException {
    List<HookPoint> layers = layers(model);
    int last = layers.size() - 1;
    Random random = new Random(5);
    List<Translator> translators = translators(last, random, 0.1);
    boolean safe =
        OnnxModelTest.scan(model).resolve(layers.get(last)).safety() == TapPoint.Safety.SAFE;
    // To read the last sum of a pre-LN model changes its bits: no translator is trained for it.
    translators.addAll(translators(1, random, safe ? 0.1 : 0));
    List<Signal> lenses = new ArrayList<>();
    for (Position position : List.of(Position.FIRST, Position.LAST, Position.token(token))) {
      String id = "lens_" + position.kind().name().toLowerCase(Locale.ROOT);
      lenses.add(lens(id, layers, position));
      lenses.add(new LayerLens(id + "_tuned", layers, LOGITS, position, TOP, translators));
      lenses.add(lens(id + "_one", List.of(layers.get(0)), position));
      lenses.add(lens(id + "_last", List.of(layers.get(last), layers.get(0)), position));
    }
    return lenses;
  }

  private static ModelTail tail(ModelProto model) throws ModelRefusedException {
    Tail tail = Objects.requireNonNull(OnnxModelTest.scan(model.toByteArray()).tail());
    return new TailModel(model, tail.start(), tail.logits().name()).tail();
  }

  private static void check(TransformerFixture fixture, List<Signal> lenses, Batch batch)
      throws Exception {
    ModelTail tail = tail(fixture.model());
    for (Gating gating : List.of(Gating.NONE, Gating.BY_COST)) {
      Grafted.of(fixture.bytes(), gating, lenses)
          .check(batch, batch.feeds(fixture.mask()), Tolerance.FP32, tail);
    }
  }

  static List<TransformerFixture> fixtures() {
    List<TransformerFixture> fixtures = new ArrayList<>();
    for (Head head : List.of(Head.MASKED_LM, Head.CLASSIFIER)) {
      fixtures.add(TransformerFixture.postNorm().withHead(head));
      fixtures.add(TransformerFixture.preNorm().withHead(head));
      fixtures.add(TransformerFixture.preNorm().withHead(head).withLayers(5));
      fixtures.add(TransformerFixture.postNorm().withHead(head).withOpset(23));
      for (long opset : new long[] {10, 11, 13, 18}) {
        fixtures.add(TransformerFixture.preNorm().withHead(head).spelledOut(opset));
      }
    }
    return fixtures;
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void values_anyModel_equalReference(TransformerFixture fixture) throws Exception {
    Batch batch = Batch.random(3, 9, Batch.Padding.RIGHT, 3);
    long present = batch.ids()[0][0];
    check(fixture, lenses(fixture.bytes(), present), batch);
  }

  @ParameterizedTest
  @EnumSource(Batch.Padding.class)
  void values_paddingOnAnySide_equalReference(Batch.Padding padding) throws Exception {
    for (int rows : new int[] {1, 4}) {
      Batch batch = Batch.random(rows, 11, padding, 12);
      batch.real()[rows - 1] = new boolean[11];
      batch.real()[0][5] = true;
      long present = batch.ids()[0][5];
      TransformerFixture fixture = TransformerFixture.postNorm().withHead(Head.MASKED_LM);
      check(fixture, lenses(fixture.bytes(), present), batch);
    }
  }

  @Test
  void values_operatorSet9_equalReference() throws Exception {
    TransformerFixture fixture =
        TransformerFixture.postNorm().withHead(Head.MASKED_LM).spelledOut(9);
    List<Signal> lenses = lenses(fixture.bytes(), 3);
    lenses.removeIf(lens -> ((LayerLens) lens).position().equals(Position.LAST));
    check(fixture, lenses, Batch.random(3, 9, Batch.Padding.LEFT, 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"decoder", "decoder-decomposed"})
  void values_decoder_equalReference(String name) throws Exception {
    SmallModel model = SmallModels.named(name);
    for (int rows : new int[] {1, 3}) {
      Map<String, ExampleTensor> example =
          model.example(ExampleShape.of(rows, 7).withPadding(Padding.LEFT));
      long[] ids = example.get("input_ids").longs();
      long[] mask = example.get("attention_mask").longs();
      long[][] idRows = new long[rows][7];
      boolean[][] real = new boolean[rows][7];
      for (int i = 0; i < ids.length; i++) {
        idRows[i / 7][i % 7] = ids[i];
        real[i / 7][i % 7] = mask[i] != 0;
      }
      ModelTail tail = tail(model.model());
      Grafted.of(model.bytes(), Gating.BY_COST, lenses(model.bytes(), ids[ids.length - 1]))
          .check(new Batch(idRows, real), feeds(example), Tolerance.FP32, tail);
    }
  }

  private static Map<String, OnnxTensor> feeds(Map<String, ExampleTensor> example)
      throws OrtException {
    Map<String, OnnxTensor> feeds = new HashMap<>();
    for (Map.Entry<String, ExampleTensor> entry : example.entrySet()) {
      LongBuffer values = LongBuffer.wrap(entry.getValue().longs());
      feeds.put(
          entry.getKey(),
          OnnxTensor.createTensor(
              OrtEnvironment.getEnvironment(), values, entry.getValue().shape()));
    }
    return feeds;
  }

  private static float[][] read(TransformerFixture fixture, LayerLens lens, Batch batch)
      throws Exception {
    Grafted grafted = Grafted.of(fixture.bytes(), lens);
    Ort.Output reading = grafted.read(batch.feeds(fixture.mask()));
    float[][] rows = new float[batch.real().length][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = grafted.values(reading, row, lens.id());
    }
    return rows;
  }

  @ParameterizedTest
  @EnumSource(
      value = Head.class,
      names = {"MASKED_LM", "CLASSIFIER"})
  void values_lastLayer_isTheModelItself(Head head) throws Exception {
    TransformerFixture fixture = TransformerFixture.postNorm().withHead(head).withLayers(3);
    LayerLens lens = lens("lens", layers(fixture.bytes()), Position.LAST);
    for (float[] row : read(fixture, lens, Batch.random(3, 8, Batch.Padding.BOTH, 2))) {
      assertThat(row[lens.rank(2)]).isZero();
      assertThat(row[lens.divergence(2)]).isCloseTo(0, within(1e-6f));
      assertThat(row[lens.divergence(0)]).isGreaterThan(1e-3f);
    }
  }

  /**
   * After {@code A B ... A} only the second layer knows {@code B}. Before it all answers are equal,
   * and the rank of B is its index.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void values_plantedDecisionLayer_isFound(int left) throws Exception {
    byte[] model = InductionHead.model().bytes();
    LayerLens lens = lens("lens", layers(model), Position.LAST);
    long[][] ids = new long[2][9];
    boolean[][] real = new boolean[2][9];
    int[][] rows = {{0, 5, 7, 3, 5}, {0, 9, 4, 4, 11, 2, 9}};
    for (int row = 0; row < 2; row++) {
      for (int i = 0; i < rows[row].length; i++) {
        ids[row][left + i] = rows[row][i];
        real[row][left + i] = true;
      }
    }
    Grafted grafted = Grafted.of(model, Gating.BY_COST, List.of(lens));
    Ort.Output reading = grafted.read(new Batch(ids, real).feeds(DataType.INT64));
    double certain = Math.exp(InductionHead.CERTAIN_LOGIT);
    double sum = certain + InductionHead.VOCABULARY - 1;
    double entropy = Math.log(sum) - certain / sum * InductionHead.CERTAIN_LOGIT;
    double uniform = Math.log(InductionHead.VOCABULARY);
    for (int row = 0; row < 2; row++) {
      int answer = rows[row][2];
      float[] values = grafted.values(reading, row, "lens");
      assertThat(values[lens.rank(0)]).isEqualTo(answer);
      assertThat(values[lens.answer(0, 0)]).isZero();
      assertThat(values[lens.entropy(0)]).isCloseTo((float) uniform, within(1e-5f));
      assertThat(values[lens.divergence(0)]).isCloseTo((float) (uniform - entropy), within(1e-5f));
      assertThat(values[lens.rank(1)]).isZero();
      assertThat(values[lens.answer(1, 0)]).isEqualTo(answer);
      assertThat(values[lens.probability(1, 0)]).isCloseTo((float) (certain / sum), within(1e-6f));
      assertThat(values[lens.entropy(1)]).isCloseTo((float) entropy, within(1e-5f));
      assertThat(values[lens.divergence(1)]).isCloseTo(0, within(1e-6f));
    }
  }

  @Test
  void values_translatorsOfZeros_areTheLogitLens() throws Exception {
    TransformerFixture fixture = TransformerFixture.preNorm().withHead(Head.MASKED_LM);
    List<HookPoint> layers = layers(fixture.bytes());
    LayerLens logit = lens("lens", layers, Position.FIRST);
    LayerLens tuned =
        new LayerLens(
            "lens", layers, LOGITS, Position.FIRST, TOP, translators(2, new Random(1), 0));
    Batch batch = Batch.random(3, 8, Batch.Padding.LEFT, 2);
    assertThat(read(fixture, tuned, batch)).isDeepEqualTo(read(fixture, logit, batch));
  }

  @Test
  void values_halfPrecisionModel_nearlyEqualItself() throws Exception {
    TransformerFixture fixture =
        TransformerFixture.postNorm().withHead(Head.MASKED_LM).withType(DataType.FLOAT16);
    List<HookPoint> layers = layers(fixture.bytes());
    for (List<Translator> translators :
        List.of(List.<Translator>of(), translators(2, new Random(1), 0))) {
      LayerLens lens = new LayerLens("lens", layers, LOGITS, Position.LAST, TOP, translators);
      for (float[] row : read(fixture, lens, Batch.random(3, 8, Batch.Padding.RIGHT, 2))) {
        assertThat(row[lens.rank(1)]).isZero();
        assertThat(row[lens.divergence(1)]).isCloseTo(0, within(1e-3f));
        assertThat(row[lens.entropy(0)]).isBetween(0f, (float) Math.log(100));
      }
    }
  }

  private static String refusal(byte[] model, LayerLens lens) throws ModelRefusedException {
    return String.valueOf(
        OverlayCompiler.compile(OnnxModelTest.scan(model), List.of(lens), Set.of())
            .refusals()
            .get(lens.id()));
  }

  @Test
  void refusal_modelWithoutHead_saysThatThereIsNone() throws Exception {
    byte[] model = TransformerFixture.postNorm().bytes();
    LayerLens lens =
        new LayerLens(
            "lens",
            layers(model),
            new HookPoint("last_hidden_state"),
            Position.FIRST,
            TOP,
            List.of());
    assertThat(refusal(model, lens)).contains("no unembedding or classifier");
  }

  @Test
  void refusal_otherLogits_saysWhich() throws Exception {
    byte[] model = TransformerFixture.postNorm().withHead(Head.MASKED_LM).bytes();
    HookPoint other = layers(model).get(0);
    LayerLens lens = new LayerLens("lens", layers(model), other, Position.FIRST, TOP, List.of());
    assertThat(refusal(model, lens)).contains("expected the logits logits, found " + other.name());
  }

  @Test
  void refusal_moreAnswersThanClasses_saysHowMany() throws Exception {
    byte[] model = TransformerFixture.postNorm().withHead(Head.CLASSIFIER).bytes();
    LayerLens lens = new LayerLens("lens", layers(model), LOGITS, Position.FIRST, 4, List.of());
    assertThat(refusal(model, lens)).contains("at least 4 answers").contains("3]");
  }

  @Test
  void refusal_translatorsOfOtherWidth_saysSo() throws Exception {
    byte[] model = TransformerFixture.postNorm().withHead(Head.CLASSIFIER).bytes();
    Translator narrow = new Translator(Floats.of("A", new float[4]), Floats.of("b", new float[2]));
    LayerLens lens =
        new LayerLens("lens", layers(model), LOGITS, Position.FIRST, TOP, List.of(narrow, narrow));
    assertThat(refusal(model, lens)).contains("width 2, found 16");
  }
}
