package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.ModelInput.Role;
import io.innerspan.testing.models.Traits.Family;
import io.innerspan.testing.models.Traits.OrtVersion;
import java.util.List;

/** Classifiers of rows of numbers. */
public final class Tabular {
  public static final int FEATURES = 8;

  /** The width of hidden layers. */
  public static final int HIDDEN = 12;

  private Tabular() {}

  /**
   * {@code features [batch, 8]} to {@code logits} and {@code probabilities [batch, 3]} by way of
   * the tensors {@code hidden.0} and {@code hidden.1}.
   */
  public static SmallModel mlp() {
    GraphWriter graph = new GraphWriter("mlp", 13, DataType.FLOAT, 61, "");
    features(graph);
    String first = hidden(graph, "hidden.0", "features", FEATURES);
    String second = hidden(graph, "hidden.1", first, HIDDEN);
    Heads.gemm(graph, second, HIDDEN, TransformerFixture.CLASSES);
    return probabilities(graph, "tabular-mlp");
  }

  /**
   * {@code features [batch, 8]} to {@code logits} and {@code probabilities [batch, 3]} by way of
   * {@code hidden}, and {@code hidden_bf16} in the brain floating-point format, {@code [batch,
   * 12]}.
   */
  public static SmallModel brainFloat() {
    GraphWriter graph = new GraphWriter("tabular", 13, DataType.FLOAT, 11, "");
    features(graph);
    dense(graph, "hidden", "features", FEATURES);
    int brainFloat = DataType.BFLOAT16.getNumber();
    graph.named("hidden_bf16", "Cast", List.of("hidden"), integer("to", brainFloat));
    String back =
        graph.node("Cast", List.of("hidden_bf16"), integer("to", DataType.FLOAT.getNumber()));
    graph.hook("hidden.0", back);
    Heads.gemm(graph, back, HIDDEN, TransformerFixture.CLASSES);
    return probabilities(graph, "tabular-bf16");
  }

  private static void features(GraphWriter graph) {
    List<String> dims = List.of("batch", Integer.toString(FEATURES));
    graph.input(new ModelInput("features", DataType.FLOAT, dims, Role.NUMBERS, 0));
  }

  private static SmallModel probabilities(GraphWriter graph, String name) {
    graph.named("probabilities", "Softmax", List.of("logits"), integer("axis", 1));
    String classes = Integer.toString(TransformerFixture.CLASSES);
    graph.output("probabilities", DataType.FLOAT, "batch", classes);
    return graph.model(
        name,
        new Traits(Family.TABULAR, 0, 0, HIDDEN, TransformerFixture.CLASSES, OrtVersion.V1_12_1));
  }

  private static String hidden(GraphWriter graph, String name, String in, int width) {
    return graph.hook(name, dense(graph, name, in, width));
  }

  private static String dense(GraphWriter graph, String name, String in, int width) {
    String weight = graph.weights(0.5, width, HIDDEN);
    String sum = graph.node("Gemm", List.of(in, weight, graph.weights(0.1, HIDDEN)));
    return graph.named(name, "Relu", List.of(sum));
  }
}
