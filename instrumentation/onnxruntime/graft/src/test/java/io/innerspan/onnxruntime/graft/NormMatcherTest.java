package io.innerspan.onnxruntime.graft;

import static io.innerspan.testing.models.Attributes.integer;
import static io.innerspan.testing.models.Attributes.integers;
import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.onnxruntime.graft.NormMatcher.Norm;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.GraphWriter;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NormMatcherTest {
  private final GraphWriter graph = new GraphWriter("g", 13, DataType.FLOAT, 1, "");

  private @Nullable Norm match() {
    GraphIndex index = new GraphIndex(graph.graph());
    return new NormMatcher(index, new Tensors(graph.graph(), index)).after("x");
  }

  private @Nullable String output() {
    Norm norm = match();
    return norm == null ? null : norm.output();
  }

  private String node(String output, String operator, String... inputs) {
    return graph.named(output, operator, List.of(inputs));
  }

  private String mean(String output, String input, long axis) {
    return graph.named(output, "ReduceMean", List.of(input), integers("axes", axis));
  }

  private void input() {
    graph.input("x", DataType.FLOAT, "batch", "tokens", "8");
  }

  /** Mean, variance and root of {@code x}, the unit tensor being {@code unit}. */
  private void layerNorm(long axis) {
    mean("mean", "x", axis);
    node("centred", "Sub", "x", "mean");
    node("square", "Pow", "centred", graph.scalar(2));
    mean("variance", "square", axis);
    node("safe", "Add", "variance", graph.scalar(1e-5f));
    node("root", "Sqrt", "safe");
    node("unit", "Div", "centred", "root");
  }

  @Test
  void after_layerNormWithScaleAndShift_endsAfterTheShift() {
    input();
    layerNorm(-1);
    node("scaled", "Mul", "unit", graph.weights(1, 8));
    node("out", "Add", "scaled", graph.weights(1, 8));
    node("next", "MatMul", "out", graph.weights(1, 8, 8));
    assertThat(match())
        .isEqualTo(
            new Norm(
                "out",
                Set.of("mean", "centred", "square", "variance", "safe", "root", "unit", "scaled"),
                true));
  }

  @Test
  void after_layerNormThatIsAnOutput_endsThere() {
    input();
    layerNorm(2);
    graph.output("unit", DataType.FLOAT, "batch", "tokens", "8");
    node("more", "Mul", "unit", graph.scalar(3));
    assertThat(output()).isEqualTo("unit");
  }

  @Test
  void after_rootMeanSquareNorm_endsAfterTheScale() {
    input();
    node("square", "Pow", "x", graph.scalar(2));
    mean("variance", "square", -1);
    node("safe", "Add", "variance", graph.scalar(1e-6f));
    node("root", "Sqrt", "safe");
    node("inverse", "Reciprocal", "root");
    node("unit", "Mul", "x", "inverse");
    node("out", "Mul", graph.weights(1, 8), "unit");
    node("next", "MatMul", "out", graph.weights(1, 8, 8));
    assertThat(output()).isEqualTo("out");
  }

  @Test
  void after_fusedNormBetweenCasts_endsInTheSecondCast() {
    input();
    graph.named("single", "Cast", List.of("x"), integer("to", 1));
    node("norm", "LayerNormalization", "single", graph.weights(1, 8));
    graph.named("out", "Cast", List.of("norm"), integer("to", 10));
    assertThat(output()).isEqualTo("out");
  }

  @Test
  void after_streamUsedElsewhereToo_isStillFound() {
    input();
    node("norm", "LayerNormalization", "x", graph.weights(1, 8));
    node("sum", "Add", "x", node("branch", "MatMul", "norm", graph.weights(1, 8, 8)));
    assertThat(output()).isEqualTo("norm");
  }

  @Test
  void after_meanOverTokens_isNoNorm() {
    input();
    layerNorm(1);
    node("next", "MatMul", "unit", graph.weights(1, 8, 8));
    assertThat(match()).isNull();
  }

  @Test
  void after_deviationAlone_isNoNorm() {
    input();
    node("square", "Mul", "x", "x");
    mean("variance", "square", -1);
    node("safe", "Add", "variance", graph.scalar(1e-6f));
    node("root", "Sqrt", "safe");
    node("inverse", "Reciprocal", "root");
    node("next", "MatMul", "inverse", graph.weights(1, 1, 8));
    assertThat(match()).isNull();
  }

  @Test
  void after_otherArithmetic_isNoNorm() {
    input();
    node("y", "Mul", "x", graph.scalar(0.5f));
    node("next", "MatMul", "y", graph.weights(1, 8, 8));
    assertThat(match()).isNull();
  }
}
