package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;
import static io.innerspan.testing.models.Attributes.integers;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.ModelInput.Role;
import io.innerspan.testing.models.Traits.Family;
import io.innerspan.testing.models.Traits.OrtVersion;
import java.util.List;

/**
 * An attention-only decoder of two layers whose weights are set by hand so that each head is known:
 * after {@code A B ... A} it predicts {@code B}, as the induction heads of "A Mathematical
 * Framework for Transformer Circuits" (Elhage et al., 2021) do.
 *
 * <p>Rows begin with token 0, which does not occur again; {@link InductionAnswers} says what each
 * head attends to and what is predicted. The residual stream has four parts of 16: the token, its
 * position, the token before it, and the prediction. There is no normalisation, no MLP. Scores
 * differ by at least 60, so probabilities are exact but for less than 1e-26.
 */
public final class InductionHead {
  /** The name of the model in {@link SmallModels}. */
  public static final String NAME = "induction-head";

  public static final int VOCABULARY = 16;

  /** Rows may have as many tokens. */
  public static final int POSITIONS = 16;

  public static final int LAYERS = 2;
  public static final int HEADS = 4;

  /** The logit of a token that the induction head attends to with probability 1. */
  public static final float CERTAIN_LOGIT = 10;

  static final int PART = 16;
  static final int WIDTH = 4 * PART;
  static final int TOKEN = 0;
  static final int POSITION = PART;
  static final int PREVIOUS = 2 * PART;
  static final int PREDICTION = 3 * PART;
  private static final List<String> DIMS = List.of("batch", "sequence");

  private InductionHead() {}

  /** The model: {@code input_ids} and {@code attention_mask} to {@code logits}. */
  public static SmallModel model() {
    GraphWriter graph = new GraphWriter("induction", 14, DataType.FLOAT, 0, "");
    graph.input(new ModelInput("input_ids", DataType.INT64, DIMS, Role.TOKENS, VOCABULARY));
    graph.input(new ModelInput("attention_mask", DataType.INT64, DIMS, Role.MASK, 0));
    String tokens = graph.floats(shifted(TOKEN, 1, 0).values(), VOCABULARY, WIDTH);
    String word = graph.node("Gather", List.of(tokens, "input_ids"), integer("axis", 0));
    String places = graph.floats(shifted(POSITION, 1, 0).values(), POSITIONS, WIDTH);
    String place = graph.node("Gather", List.of(places, positions(graph)), integer("axis", 0));
    String stream = graph.node("Add", List.of(word, place));
    String bias = Masks.causal(graph, "input_ids", "attention_mask");
    for (int layer = 0; layer < LAYERS; layer++) {
      stream = layer(graph, layer, stream, bias);
    }
    Matrix unembedding = new Matrix(WIDTH, VOCABULARY).identity(PREDICTION, 0, CERTAIN_LOGIT);
    graph.named("logits", "MatMul", List.of(stream, unembedding.in(graph)));
    graph.output("logits", DataType.FLOAT, "batch", "sequence", Integer.toString(VOCABULARY));
    return graph.model(
        NAME, new Traits(Family.DECODER, LAYERS, HEADS, WIDTH, VOCABULARY, OrtVersion.V1_12_1));
  }

  private static Matrix shifted(int column, float value, int row) {
    return new Matrix(PART, WIDTH).identity(row, column, value);
  }

  /** Each token's place among the real ones, on whichever side the padding is. */
  private static String positions(GraphWriter graph) {
    String counted = graph.node("CumSum", List.of("attention_mask", graph.longScalar(1)));
    String fromZero = graph.node("Sub", List.of(counted, graph.longScalar(1)));
    return graph.node("Max", List.of(fromZero, graph.longScalar(0)));
  }

  private static String layer(GraphWriter graph, int layer, String stream, String bias) {
    String block = "blocks." + layer + ".";
    graph.hook(block + "hook_resid_pre", stream);
    InductionWeights weights = InductionWeights.ofLayer(layer);
    String queries = heads(graph, linear(graph, stream, weights.queries()), 0, 2, 1, 3);
    String keys = heads(graph, linear(graph, stream, weights.keys()), 0, 2, 3, 1);
    String values = heads(graph, linear(graph, stream, weights.values()), 0, 2, 1, 3);
    String scores = graph.node("MatMul", List.of(queries, keys));
    scores = graph.node("Div", List.of(scores, graph.scalar((float) Math.sqrt(PART))));
    scores = graph.node("Add", List.of(scores, bias));
    String pattern = graph.node("Softmax", List.of(scores), integer("axis", 3));
    graph.hook(block + "attn.hook_pattern", pattern);
    String context = graph.node("MatMul", List.of(pattern, values));
    String ordered = graph.node("Transpose", List.of(context), integers("perm", 0, 2, 1, 3));
    String merged = graph.node("Reshape", List.of(ordered, graph.longs(0, 0, WIDTH)));
    String out = graph.hook(block + "hook_attn_out", linear(graph, merged, weights.output()));
    return graph.hook(block + "hook_resid_post", graph.node("Add", List.of(out, stream)));
  }

  private static String linear(GraphWriter graph, String in, Matrix weights) {
    return graph.node("MatMul", List.of(in, weights.in(graph)));
  }

  private static String heads(GraphWriter graph, String in, long... order) {
    String split = graph.node("Reshape", List.of(in, graph.longs(0, 0, HEADS, PART)));
    return graph.node("Transpose", List.of(split), integers("perm", order));
  }
}
