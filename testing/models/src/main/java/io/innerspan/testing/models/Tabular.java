package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.ModelInput.Role;
import io.innerspan.testing.models.Traits.Family;
import io.innerspan.testing.models.Traits.OrtVersion;
import java.util.List;

/** A classifier of rows of numbers. */
final class Tabular {
  private static final int HIDDEN = 12;

  private Tabular() {}

  /**
   * {@code features [batch, 8]} to {@code logits} and {@code probabilities [batch, 3]} by way of
   * the tensors {@code hidden.0} and {@code hidden.1}.
   */
  static SmallModel mlp() {
    GraphWriter graph = new GraphWriter("mlp", 13, DataType.FLOAT, 61, "");
    int features = OtherFixtures.FEATURES;
    List<String> dims = List.of("batch", Integer.toString(features));
    graph.input(new ModelInput("features", DataType.FLOAT, dims, Role.NUMBERS, 0));
    String first = hidden(graph, "hidden.0", "features", features);
    String second = hidden(graph, "hidden.1", first, HIDDEN);
    Heads.gemm(graph, second, HIDDEN, TransformerFixture.CLASSES);
    graph.named("probabilities", "Softmax", List.of("logits"), integer("axis", 1));
    String classes = Integer.toString(TransformerFixture.CLASSES);
    graph.output("probabilities", DataType.FLOAT, "batch", classes);
    return graph.model(
        "tabular-mlp",
        new Traits(Family.TABULAR, 0, 0, HIDDEN, TransformerFixture.CLASSES, OrtVersion.V1_12_1));
  }

  private static String hidden(GraphWriter graph, String name, String in, int width) {
    String weight = graph.weights(0.5, width, HIDDEN);
    String sum = graph.node("Gemm", List.of(in, weight, graph.weights(0.1, HIDDEN)));
    return graph.hook(name, graph.named(name, "Relu", List.of(sum)));
  }
}
