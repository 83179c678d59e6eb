package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;
import static io.innerspan.testing.models.Attributes.integers;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The parts of a transformer, of elementary operators. */
final class Blocks {
  static final int VOCABULARY = 40;
  static final int WIDTH = 16;
  static final int HEADS = 2;
  static final int HEAD_WIDTH = WIDTH / HEADS;
  static final int HIDDEN = 32;

  private final GraphWriter graph;
  private final Style style;
  private final Size size;

  Blocks(GraphWriter graph, Style style) {
    this(graph, style, Size.SMALL);
  }

  Blocks(GraphWriter graph, Style style, Size size) {
    this.graph = graph;
    this.style = style;
    this.size = size;
  }

  /**
   * Keys and values {@code [batch, heads, past, head width]} that come before a layer's own.
   *
   * @param pastKeys null where there are none, and those that are made are an output only
   * @param presentKeys the output's name, or null where the past ones are all there are
   */
  record Cache(
      @Nullable String pastKeys,
      @Nullable String pastValues,
      @Nullable String presentKeys,
      @Nullable String presentValues) {}

  String linear(String in, int from, int to) {
    return Linears.linear(graph, style.linear(), in, from, to);
  }

  String normalize(String in) {
    return Norms.normalize(graph, style.norm(), in, size.width());
  }

  /** A layer of self-attention and feed-forward; {@code block} begins the names of its places. */
  String layer(String block, String stream, @Nullable String bias, @Nullable Cache cache) {
    graph.hook(block + "hook_resid_pre", stream);
    String mid =
        sublayer(
            stream,
            in -> attend(block + "attn.", in, in, bias, cache),
            block + "hook_attn_out",
            block + "hook_resid_mid");
    return feedForwardLayer(block, mid);
  }

  /** The second half of a layer. */
  String feedForwardLayer(String block, String mid) {
    String post =
        sublayer(mid, this::feedForward, block + "hook_mlp_out", block + "hook_resid_post");
    return style.normFirst() ? post : graph.hook(block + "hook_normalized_resid_post", post);
  }

  /** A branch added to the stream, with the normalisation before or after. */
  String sublayer(String stream, UnaryOperator<String> branch, String outPlace, String sumPlace) {
    String in = style.normFirst() ? normalize(stream) : stream;
    String out = graph.hook(outPlace, branch.apply(in));
    String sum = graph.hook(sumPlace, graph.node("Add", List.of(out, stream)));
    return style.normFirst() ? sum : normalize(sum);
  }

  /** Attention of queries {@code [batch, tokens, width]} to a memory of the same form. */
  String attend(
      String place, String in, String memory, @Nullable String bias, @Nullable Cache cache) {
    if (style.attention() == Style.Attention.MULTI_HEAD) {
      return attendMultiHead(in, memory, bias, cache);
    }
    String queries = heads(linear(in, size.width(), size.width()), 0, 2, 1, 3);
    String keys;
    String values;
    if (cache == null) {
      keys = heads(linear(memory, size.width(), size.width()), 0, 2, 3, 1);
      values = heads(linear(memory, size.width(), size.width()), 0, 2, 1, 3);
    } else {
      String all = joined(cache.presentKeys(), cache.pastKeys(), memory);
      keys = graph.node("Transpose", List.of(all), integers("perm", 0, 1, 3, 2));
      values = joined(cache.presentValues(), cache.pastValues(), memory);
    }
    String scores = graph.node("MatMul", List.of(queries, keys));
    scores = graph.node("Div", List.of(scores, graph.scalar((float) Math.sqrt(size.headWidth()))));
    if (bias != null) {
      scores = graph.node("Add", List.of(scores, bias));
    }
    String pattern = graph.node("Softmax", List.of(scores), integer("axis", 3));
    graph.hook(place + "hook_pattern", pattern);
    return merge(graph.node("MatMul", List.of(pattern, values)));
  }

  /** The same of one operator, with products of the same weights around it. */
  private String attendMultiHead(
      String in, String memory, @Nullable String bias, @Nullable Cache cache) {
    List<String> inputs = new ArrayList<>();
    for (String from : List.of(in, memory, memory)) {
      inputs.add(linear(from, size.width(), size.width()));
    }
    // ONNX Runtime 1.20 reads a bias that heads share as if it were of one row.
    String ofHeads = bias == null ? "" : ofHeads(bias);
    inputs.addAll(List.of("", "", ofHeads));
    List<String> outputs = new ArrayList<>(List.of(graph.fresh("MultiHeadAttention")));
    if (cache != null) {
      inputs.add(Objects.requireNonNull(cache.pastKeys()));
      inputs.add(Objects.requireNonNull(cache.pastValues()));
      outputs.add(Objects.requireNonNull(cache.presentKeys()));
      outputs.add(Objects.requireNonNull(cache.presentValues()));
    }
    graph.add(
        outputs.get(0),
        GraphWriter.MICROSOFT,
        "MultiHeadAttention",
        inputs,
        outputs,
        integer("num_heads", size.heads()));
    return linear(outputs.get(0), size.width(), size.width());
  }

  private String ofHeads(String bias) {
    return graph.node("Expand", List.of(bias, graph.longs(1, size.heads(), 1, 1)));
  }

  /** {@code [batch, heads, tokens, head width]} to what attention adds to the stream. */
  private String merge(String context) {
    String ordered = graph.node("Transpose", List.of(context), integers("perm", 0, 2, 1, 3));
    String merged = graph.node("Reshape", List.of(ordered, graph.longs(0, 0, size.width())));
    return linear(merged, size.width(), size.width());
  }

  private String joined(@Nullable String present, @Nullable String past, String memory) {
    if (present == null) {
      return Objects.requireNonNull(past);
    }
    String made = heads(linear(memory, size.width(), size.width()), 0, 2, 1, 3);
    return past == null
        ? graph.named(present, "Identity", List.of(made))
        : graph.named(present, "Concat", List.of(past, made), integer("axis", 2));
  }

  private String heads(String in, long... order) {
    String split =
        graph.node("Reshape", List.of(in, graph.longs(0, 0, size.heads(), size.headWidth())));
    return graph.node("Transpose", List.of(split), integers("perm", order));
  }

  private String feedForward(String in) {
    return linear(gelu(linear(in, size.width(), size.hidden())), size.hidden(), size.width());
  }

  /** GELU by the error function, as exporters before opset 20 write it. */
  String gelu(String in) {
    String scaled = graph.node("Div", List.of(in, graph.scalar((float) Math.sqrt(2))));
    String gate = graph.node("Erf", List.of(scaled));
    gate = graph.node("Add", List.of(gate, graph.scalar(1)));
    String gelu = graph.node("Mul", List.of(in, gate));
    return graph.node("Mul", List.of(gelu, graph.scalar(0.5f)));
  }
}
