package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Encoders of any size, written to files as they are made: six post-LN layers whose width follows
 * from the size. Inputs and output are those of {@link TransformerFixture}.
 */
public final class LargeModel {
  public static final int LAYERS = 6;
  private static final int HEAD_WIDTH = 64;

  /** What a model can be without external data: protobuf's limit, less the graph. */
  private static final long LARGEST_INLINE = (1L << 31) - (1 << 20);

  private LargeModel() {}

  /**
   * Writes {@code large.onnx} with weights of at least the given size in it, and returns the file.
   *
   * @throws IllegalArgumentException when it would be larger than a protobuf message can be
   */
  public static Path inline(Path folder, long bytes) throws IOException {
    int width = width(bytes);
    long size = weights(width);
    if (size > LARGEST_INLINE) {
      throw new IllegalArgumentException(
          "expected at most " + LARGEST_INLINE + " bytes of weights, found " + size);
    }
    Path file = folder.resolve("large.onnx");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(graph(width, new WeightSink(out, null)).model().toByteArray());
    }
    return file;
  }

  /**
   * Writes {@code large.onnx} with weights of at least the given size in {@code large.onnx.data}
   * beside it, and returns the model's file.
   */
  public static Path external(Path folder, long bytes) throws IOException {
    Path file = folder.resolve("large.onnx");
    String location = "large.onnx.data";
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(folder.resolve(location)))) {
      GraphWriter graph = graph(width(bytes), new WeightSink(out, location));
      Files.write(file, graph.model().toByteArray());
    }
    return file;
  }

  /** The width of the residual stream of a model of this size. */
  public static int width(long bytes) {
    int width = HEAD_WIDTH;
    while (weights(width) < bytes) {
      width += HEAD_WIDTH;
    }
    return width;
  }

  /** Four products of attention and two of the feed-forward, four times as wide. */
  private static long weights(long width) {
    return Float.BYTES * (LAYERS * 12 * width * width + Blocks.VOCABULARY * width);
  }

  private static GraphWriter graph(int width, WeightSink sink) {
    GraphWriter graph = new GraphWriter("large", 17, DataType.FLOAT, 101, "");
    graph.writeTo(sink);
    graph.input("input_ids", DataType.INT64, "batch", "sequence");
    graph.input("attention_mask", DataType.INT64, "batch", "sequence");
    Blocks blocks =
        new Blocks(graph, Style.POST_NORM, new Size(width, width / HEAD_WIDTH, 4 * width));
    String table = graph.weights(1, Blocks.VOCABULARY, width);
    String words = graph.node("Gather", List.of(table, "input_ids"), integer("axis", 0));
    String stream = blocks.normalize(words);
    String bias = Masks.padding(graph, "attention_mask", DataType.INT64);
    for (int layer = 0; layer < LAYERS; layer++) {
      stream = blocks.layer("blocks." + layer + ".", stream, bias, null);
    }
    graph.named("last_hidden_state", "Identity", List.of(stream));
    String size = Integer.toString(width);
    graph.output("last_hidden_state", DataType.FLOAT, "batch", "sequence", size);
    return graph;
  }
}
