package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;

import java.util.List;

/** What encoders end in. */
final class Heads {
  private Heads() {}

  /** BERT's pooler, then {@code logits [batch, classes]}. */
  static void classifier(GraphWriter graph, Blocks blocks, String hidden) {
    String first = graph.node("Gather", List.of(hidden, graph.longScalar(0)), integer("axis", 1));
    String pooled = graph.node("Tanh", List.of(blocks.linear(first, Blocks.WIDTH, Blocks.WIDTH)));
    gemm(graph, pooled, Blocks.WIDTH, TransformerFixture.CLASSES);
  }

  /** {@code logits [batch, classes]} of rows. */
  static void gemm(GraphWriter graph, String rows, int width, int classes) {
    String weight = graph.weights(0.5, classes, width);
    String bias = graph.weights(0.1, classes);
    graph.named("logits", "Gemm", List.of(rows, weight, bias), integer("transB", 1));
    graph.output("logits", graph.type(), "batch", Integer.toString(classes));
  }

  /** BERT's prediction head: {@code logits [batch, sequence, vocabulary]}. */
  static void maskedLanguageModel(GraphWriter graph, Blocks blocks, String hidden) {
    String transformed = blocks.gelu(blocks.linear(hidden, Blocks.WIDTH, Blocks.WIDTH));
    String normalized = blocks.normalize(transformed);
    String decoder = graph.weights(0.5, Blocks.WIDTH, Blocks.VOCABULARY);
    String product = graph.node("MatMul", List.of(normalized, decoder));
    String bias = graph.weights(0.1, Blocks.VOCABULARY);
    graph.named("logits", "Add", List.of(product, bias));
    outputLogits(graph, "logits");
  }

  static void outputLogits(GraphWriter graph, String name) {
    graph.output(name, graph.type(), "batch", "sequence", Integer.toString(Blocks.VOCABULARY));
  }
}
