package io.innerspan.onnxruntime.session;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.innerspan.testing.models.Attributes;
import io.innerspan.testing.models.GraphWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A model of four tokens whose attributions are known: the score is the square of a weighted sum of
 * what a direction gives for the tokens' embeddings and for their positions.
 */
final class SquareOfWords {
  static final int TOKENS = 4;

  private static final int VOCABULARY = 9;
  private static final int WIDTH = 5;

  private final float[] words = numbers(3, VOCABULARY * WIDTH);
  private final float[] positions = numbers(5, TOKENS * WIDTH);
  private final float[] direction = numbers(7, WIDTH);
  private final float[] weights = {1, 2, -1, 0.5f};

  private static float[] numbers(long seed, int count) {
    Random random = new Random(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  /** {@code input_ids [batch, 4]} to {@code score [batch, 1]}. */
  byte[] bytes() {
    GraphWriter graph = new GraphWriter("square", 13, DataType.FLOAT, 1, "");
    graph.input("input_ids", DataType.INT64, "batch", Integer.toString(TOKENS));
    String table = graph.floats(words, VOCABULARY, WIDTH);
    graph.named("words", "Gather", List.of(table, "input_ids"));
    String places = graph.floats(positions, 1, TOKENS, WIDTH);
    String both = graph.node("Add", List.of("words", places));
    String along = graph.node("MatMul", List.of(both, graph.floats(direction, WIDTH, 1)));
    String weighted = graph.node("Mul", List.of(along, graph.floats(weights, 1, TOKENS, 1)));
    String sum =
        graph.node(
            "ReduceSum", List.of(weighted, graph.longs(1, 2)), Attributes.integer("keepdims", 0));
    String flat = graph.node("Reshape", List.of(sum, graph.longs(-1, 1)));
    graph.named("score", "Mul", List.of(flat, flat));
    graph.output("score", DataType.FLOAT, "batch", "1");
    return graph.model().toByteArray();
  }

  double score(long[] ids) {
    double sum = 0;
    for (int token = 0; token < TOKENS; token++) {
      sum += weights[token] * (along(words, (int) ids[token]) + along(positions, token));
    }
    return sum * sum;
  }

  /** What each token adds, in a closed form. */
  double[] parts(SaliencyMethod method, String baseline, long[] ids) {
    double[] from = new double[TOKENS];
    double[] way = new double[TOKENS];
    double start = 0;
    for (int token = 0; token < TOKENS; token++) {
      from[token] =
          switch (baseline) {
            case "zero" -> 0;
            case "padding" -> along(words, 0);
            default -> Arrays.stream(ids).mapToDouble(id -> along(words, (int) id)).sum() / TOKENS;
          };
      way[token] = weights[token] * (along(words, (int) ids[token]) - from[token]);
      start += weights[token] * (from[token] + along(positions, token));
    }
    double whole = Arrays.stream(way).sum();
    double atStart = start;
    double atEnd = start + whole;
    return Arrays.stream(way)
        .map(
            part ->
                switch (method) {
                  // The integral from 0 to 1 of 2 (start + position × whole) × part.
                  case INTEGRATED_GRADIENTS -> part * (2 * atStart + whole);
                  case GRADIENT_TIMES_INPUT -> part * 2 * atEnd;
                  case OCCLUSION -> atEnd * atEnd - (atEnd - part) * (atEnd - part);
                })
        .toArray();
  }

  private double along(float[] rows, int row) {
    double sum = 0;
    for (int i = 0; i < WIDTH; i++) {
      sum += rows[row * WIDTH + i] * direction[i];
    }
    return sum;
  }
}
