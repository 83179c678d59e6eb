package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Position;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import io.innerspan.testing.models.Attributes;
import io.innerspan.testing.models.GraphWriter;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found may be nothing: then ONNX Runtime's TopK must not see it. */
class DataSizesTest {
  private static final int WIDTH = 16;
  private static final float[][] X = random(5);

  private static float[][] random(int rows) {
    Random random = new Random(5);
    float[][] x = new float[rows][WIDTH];
    for (float[] row : x) {
      for (int i = 0; i < WIDTH; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return x;
  }

  /** {@code y}: those of {@code x [batch, 16]} that {@code keep [batch]} says. */
  private static byte[] keptRows(long opset) {
    GraphWriter graph = new GraphWriter("kept", opset, DataType.FLOAT, 1, "");
    graph.input("x", DataType.FLOAT, "batch", "16");
    graph.input("keep", DataType.BOOL, "batch");
    graph.named("y", "Compress", List.of("x", "keep"), Attributes.integer("axis", 0));
    graph.output("y", DataType.FLOAT, "found", "16");
    return graph.model().toByteArray();
  }

  /** {@code y}: those of {@code x [batch, tokens, 16]} that {@code keep [tokens]} says. */
  private static byte[] keptTokens(long opset) {
    GraphWriter graph = new GraphWriter("kept", opset, DataType.FLOAT, 1, "");
    graph.input("x", DataType.FLOAT, "batch", "tokens", "16");
    graph.input("keep", DataType.BOOL, "tokens");
    graph.named("y", "Compress", List.of("x", "keep"), Attributes.integer("axis", 1));
    graph.output("y", DataType.FLOAT, "batch", "found", "16");
    return graph.model().toByteArray();
  }

  private static List<Signal> signals(long opset) {
    List<Signal> signals = new ArrayList<>(SaeGraphTest.all("y", WIDTH));
    signals.addAll(Signals.mixed(WIDTH, "y"));
    signals.addAll(Signals.heads(WIDTH, "y"));
    signals.add(DistanceGraphTest.distance("d", "y", Pooling.MEAN, TokenSelection.ALL, WIDTH));
    if (opset < WindowGraph.OPERATOR_SET) {
      Signals.remove(signals, Pooling.Kind.EMA, Pooling.Kind.ROLLING_MAX);
      signals.removeIf(signal -> signal.id().startsWith("rolling"));
    }
    if (opset < TopValues.COUNT_INPUT) {
      Signals.remove(signals, Pooling.Kind.TOP_K_MEAN, Pooling.Kind.LAST);
    }
    return signals;
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 10, 11, 13, 18, 23})
  void rows_someOrNone_areReadLikeAnyOthers(long opset) throws Exception {
    List<Signal> signals = signals(opset);
    Signals.remove(signals, Pooling.Kind.EMA); // It has one token to average.
    signals.add(new OutputConfidence("c", new HookPoint("y"), Position.FIRST, 1, null));
    for (Gating gating : List.of(Gating.NONE, Gating.ALL)) {
      Grafted kept = Grafted.of(keptRows(opset), gating, signals);
      Grafted given = Grafted.of(Given.rows(WIDTH).bytes(), gating, signals);
      check(kept, given, signals, new boolean[] {true, false, true, false, false});
      check(kept, given, signals, new boolean[] {true, true, true, true, true});
      Ort.Output none = kept.read(Map.of("x", tensor(X), "keep", tensor(new boolean[X.length])));
      assertThat(none.shape()[0]).isZero();
    }
  }

  private static void check(Grafted kept, Grafted given, List<Signal> signals, boolean[] keep)
      throws Exception {
    List<float[]> own = new ArrayList<>();
    for (int i = 0; i < keep.length; i++) {
      if (keep[i]) {
        own.add(X[i]);
      }
    }
    Ort.Output found = kept.read(Map.of("x", tensor(X), "keep", tensor(keep)));
    Ort.Output expected = given.read(Map.of("x", tensor(own.toArray(new float[0][]))));
    assertThat(found.shape()[0]).isEqualTo(own.size());
    for (int row = 0; row < own.size(); row++) {
      for (Signal signal : signals) {
        assertThat(kept.values(found, row, signal.id()))
            .as(signal.id())
            .containsExactly(given.values(expected, row, signal.id()), within(1e-5f));
      }
    }
  }

  /** What looks for the greatest of no tokens may fail as a call; the process goes on. */
  @ParameterizedTest
  @ValueSource(longs = {11, 13, 23})
  void tokens_someOrNone_doNotEndTheProcess(long opset) throws Exception {
    List<Signal> signals = signals(opset).stream().map(Signals::withoutMask).toList();
    for (Signal signal : signals) {
      Grafted kept = Grafted.of(keptTokens(opset), signal);
      boolean[] keep = new boolean[X.length];
      try {
        Ort.Output reading =
            kept.read(Map.of("x", tensor(new float[][][] {X, X}), "keep", tensor(keep)));
        assertThat(reading.shape()[0]).isEqualTo(2);
      } catch (OrtException e) {
        assertThat(e).hasMessageContaining("innerspan/");
      }
      keep[3] = true;
      Ort.Output one = kept.read(Map.of("x", tensor(new float[][][] {X, X}), "keep", tensor(keep)));
      Ort.Output all =
          kept.read(
              Map.of(
                  "x",
                  tensor(new float[][][] {{X[3]}, {X[3]}}),
                  "keep",
                  tensor(new boolean[] {true})));
      assertThat(one.values()).as(signal.id()).containsExactly(all.values(), within(1e-5f));
    }
  }

  /** {@code y}: all tokens of {@code x [batch, tokens, 16]} but the first. */
  private static byte[] laterTokens(long opset) {
    GraphWriter graph = new GraphWriter("later", opset, DataType.FLOAT, 1, "");
    graph.input("x", DataType.FLOAT, "batch", "tokens", "16");
    String end = graph.longs(Long.MAX_VALUE);
    graph.named("y", "Slice", List.of("x", graph.longs(1), end, graph.longs(1)));
    graph.output("y", DataType.FLOAT, "batch", "later", "16");
    return graph.model().toByteArray();
  }

  /** Neither of an input without tokens nor of one whose only token is cut away. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void tokens_none_doNotEndTheProcess(int tokens) throws Exception {
    List<Signal> signals = signals(13).stream().map(Signals::withoutMask).toList();
    long failures = 0;
    for (Signal signal : signals) {
      Grafted later = Grafted.of(laterTokens(13), signal);
      try {
        Ort.Output reading = later.read(Map.of("x", floats(2, tokens)));
        assertThat(reading.shape()[0]).isEqualTo(2);
      } catch (OrtException e) {
        assertThat(e).hasMessageContaining("innerspan/");
        failures++;
      }
    }
    assertThat(failures).as("of %s", signals.size()).isLessThan(signals.size());
  }

  private static OnnxTensor floats(int batch, int tokens) throws OrtException {
    FloatBuffer values = FloatBuffer.allocate(batch * tokens * WIDTH);
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(), values, new long[] {batch, tokens, WIDTH});
  }

  @Test
  void of_sizesOfInputs_areNot_thoseOfValuesAre() {
    GraphWriter graph = new GraphWriter("sizes", 13, DataType.FLOAT, 1, "");
    graph.input("x", DataType.FLOAT, "batch", "tokens");
    graph.input("n", DataType.INT64, "1");
    String shape = graph.node("Shape", List.of("x"));
    graph.named("zeros", "ConstantOfShape", List.of(shape));
    graph.named("cut", "Slice", List.of("x", graph.longs(0), graph.longs(1), graph.longs(1)));
    graph.named("same", "Reshape", List.of("x", shape));
    graph.named("found", "NonZero", List.of("x"));
    String ofFound = graph.node("Shape", List.of("found"));
    graph.named("asFound", "ConstantOfShape", List.of(ofFound));
    graph.named("taken", "Slice", List.of("x", graph.longs(0), "n", graph.longs(1)));
    graph.named("behind", "Relu", List.of("taken"));
    graph.named("rest", "Slice", List.of("x", graph.longs(1), graph.longs(9), graph.longs(0)));
    graph.named("half", "Slice", List.of("x", graph.longs(1), graph.longs(9), graph.longs(-1)));
    String ones = graph.node("NonZero", List.of("zeros"));
    graph.named("indexed", "Gather", List.of("x", "n"));
    graph.add("strange", "other.domain", "Mystery", List.of("x"), List.of("strange"));
    GraphProto written = graph.graph();

    assertThat(DataSizes.of(written, new GraphIndex(written)))
        .contains("found", ofFound, "asFound", "taken", "behind", "rest", "strange")
        .doesNotContain("x", "n", shape, "zeros", "cut", "half", "same", ones, "indexed");
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 13, 17})
  void transformer_isNotSizedByData(long opset) throws Exception {
    byte[] bytes = TransformerFixture.postNorm().spelledOut(opset).bytes();
    OnnxModel model = OnnxModel.scan(ByteBuffer.wrap(bytes));
    assertThat(model.hookPoints()).isNotEmpty().noneMatch(model::isSizedByData);
  }

  private static OnnxTensor tensor(Object values) throws OrtException {
    return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), values);
  }
}
