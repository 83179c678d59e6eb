package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;
import static io.innerspan.testing.models.Attributes.integers;
import static io.innerspan.testing.models.Attributes.number;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.ModelInput.Role;
import io.innerspan.testing.models.Traits.Family;
import io.innerspan.testing.models.Traits.OrtVersion;
import java.util.List;

/** Classifiers of images {@code pixel_values [batch, 3, 8, 8]}. */
final class Vision {
  private static final int LAYERS = 2;
  private static final int PATCH = 4;
  private static final int TOKENS = 1 + (8 / PATCH) * (8 / PATCH);
  private static final int CHANNELS = 12;

  private Vision() {}

  static List<SmallModel> all() {
    return List.of(cnn(), visionTransformer());
  }

  private static void pixels(GraphWriter graph) {
    List<String> dims = List.of("batch", "3", "8", "8");
    graph.input(new ModelInput("pixel_values", DataType.FLOAT, dims, Role.NUMBERS, 0));
  }

  /** Two convolutions with batch normalisation and ReLU, the mean over places, and a classifier. */
  private static SmallModel cnn() {
    GraphWriter graph = new GraphWriter("cnn", 13, DataType.FLOAT, 51, "");
    pixels(graph);
    String first = graph.hook("features.0", convolve(graph, "pixel_values", 3, 8));
    String second = graph.hook("features.1", convolve(graph, first, 8, CHANNELS));
    String mean = graph.node("GlobalAveragePool", List.of(second));
    String rows = graph.hook("pooled", graph.node("Flatten", List.of(mean), integer("axis", 1)));
    Heads.gemm(graph, rows, CHANNELS, TransformerFixture.CLASSES);
    return graph.model(
        "cnn",
        new Traits(Family.CNN, 0, 0, CHANNELS, TransformerFixture.CLASSES, OrtVersion.V1_12_1));
  }

  private static String convolve(GraphWriter graph, String in, int from, int to) {
    String kernel = graph.weights(0.3, to, from, 3, 3);
    String image =
        graph.node(
            "Conv",
            List.of(in, kernel, graph.weights(0.1, to)),
            integers("kernel_shape", 3, 3),
            integers("pads", 1, 1, 1, 1));
    List<String> statistics =
        List.of(
            image,
            graph.weights(1, 0.1, to),
            graph.weights(0.1, to),
            graph.weights(0.1, to),
            graph.weights(1, 0.05, to));
    String normalized = graph.node("BatchNormalization", statistics, number("epsilon", 1e-5f));
    return graph.node("Relu", List.of(normalized));
  }

  /** Patches by a convolution, a class token before them, pre-LN layers, and a classifier. */
  private static SmallModel visionTransformer() {
    GraphWriter graph = new GraphWriter("vit", 17, DataType.FLOAT, 52, "");
    pixels(graph);
    Blocks blocks = new Blocks(graph, Style.PRE_NORM);
    String kernel = graph.weights(0.2, Blocks.WIDTH, 3, PATCH, PATCH);
    String grid =
        graph.node(
            "Conv",
            List.of("pixel_values", kernel, graph.weights(0.1, Blocks.WIDTH)),
            integers("kernel_shape", PATCH, PATCH),
            integers("strides", PATCH, PATCH));
    String flat = graph.node("Reshape", List.of(grid, graph.longs(0, Blocks.WIDTH, -1)));
    String patches = graph.node("Transpose", List.of(flat), integers("perm", 0, 2, 1));
    String shape = graph.node("Shape", List.of("pixel_values"));
    String batch = graph.node("Gather", List.of(shape, graph.longs(0)), integer("axis", 0));
    String size =
        graph.node("Concat", List.of(batch, graph.longs(1, Blocks.WIDTH)), integer("axis", 0));
    String token = graph.weights(0.5, 1, 1, Blocks.WIDTH);
    String tokens = graph.node("Expand", List.of(token, size));
    String all = graph.node("Concat", List.of(tokens, patches), integer("axis", 1));
    String places = graph.weights(0.3, 1, TOKENS, Blocks.WIDTH);
    String stream = graph.node("Add", List.of(all, places));
    for (int layer = 0; layer < LAYERS; layer++) {
      stream = blocks.layer("blocks." + layer + ".", stream, null, null);
    }
    String last = graph.hook("ln_final", blocks.normalize(stream));
    String first = graph.node("Gather", List.of(last, graph.longScalar(0)), integer("axis", 1));
    Heads.gemm(graph, first, Blocks.WIDTH, TransformerFixture.CLASSES);
    return graph.model(
        "vision-transformer",
        Traits.transformer(
            Family.VISION_TRANSFORMER, LAYERS, TransformerFixture.CLASSES, OrtVersion.V1_12_1));
  }
}
