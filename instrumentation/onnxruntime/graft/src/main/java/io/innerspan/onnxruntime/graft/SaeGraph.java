package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.Sae;
import io.innerspan.signals.SaeFeatures;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The strongest features of sparse autoencoders, and how well these describe the activations.
 *
 * <p>Encoded are {@code n} activations per row: all tokens, or one, which is the tokens' mean or an
 * activation that has no tokens.
 */
final class SaeGraph {
  /** The most elements of a weight matrix: an ONNX model must stay below 2 GB. */
  private static final long MOST_WEIGHTS = 1L << 26;

  /** GatherElements exists from here on. */
  private static final int GATHER_ELEMENTS = 11;

  private static final float BELOW_ALL = -1;

  private final Scope scope;
  private final OverlayGraph graph;

  SaeGraph(Scope scope) {
    this.scope = scope;
    this.graph = scope.graph();
  }

  /** Why features cannot be computed in a model, or null. */
  static @Nullable SignalRefusal refusal(Placed placed, Host host) {
    Sae sae = ((SaeFeatures) placed.signal()).sae();
    if ((long) sae.in() * sae.features() > MOST_WEIGHTS) {
      return Host.unsupported(
          placed.signal(),
          "expected an autoencoder of at most "
              + MOST_WEIGHTS
              + " weights per matrix, found "
              + sae.in()
              + " x "
              + sae.features());
    }
    return host.activationRefusal(placed.signal(), placed.tap(), sae.in());
  }

  /** The columns of a signal, float {@code [batch, columns]}. */
  String values(Placed placed) {
    SaeFeatures signal = (SaeFeatures) placed.signal();
    Activation activation = scope.activation(placed.tap());
    if (!activation.perToken()) {
      return values(signal, graph.unsqueeze(activation.tensor(), 1), null);
    }
    Scope.Tokens tokens = scope.tokens(placed);
    String values =
        switch (signal.scope()) {
          case TOKENS -> values(signal, activation.tensor(), tokens);
          case POOLED ->
              values(
                  signal,
                  graph.node("MatMul", List.of(tokens.rows().mean(), activation.tensor())),
                  null);
        };
    if (!tokens.mask().selected()) {
      return values;
    }
    String some = graph.node("Greater", List.of(tokens.mask().count(), graph.constant(0)));
    return graph.node("Where", List.of(some, values, graph.constant(Float.NaN)));
  }

  /**
   * @param x float {@code [batch, n, in]}
   * @param tokens which of the n count, or null where n is 1
   */
  private String values(SaeFeatures signal, String x, Scope.@Nullable Tokens tokens) {
    SaeScaling scaling = SaeScaling.of(graph, signal.sae(), x);
    SaeCode code = new SaeCoder(graph, signal.sae(), tokens).code(scaling.input());
    String strongest = tokens == null ? code.features() : largest(code.features());
    TopValues top = TopValues.of(graph, strongest, signal.top(), 1, 2);

    List<String> columns = new ArrayList<>();
    columns.add(graph.cast(top.indices(), ElementType.FLOAT));
    columns.add(top.values());
    if (signal.scope() == SaeFeatures.Scope.TOKENS) {
      columns.add(places(code.features(), top.indices(), signal.sae().features(), tokens));
    }
    columns.add(quality(x, code.active(), scaling.undo(graph, code.decoded()), tokens));
    if (!signal.watched().isEmpty()) {
      long[] watched = signal.watched().stream().mapToLong(SaeFeatures.Watched::feature).toArray();
      columns.add(
          graph.node(
              "Gather",
              List.of(strongest, graph.longs(watched, watched.length)),
              OverlayGraph.integer("axis", 1)));
    }
    return graph.concat(columns, 1);
  }

  /**
   * The largest of each row: {@code [batch, all]} of {@code [batch, all, n]}. Not by ReduceMax, to
   * which ONNX Runtime gives the tokens before they were moved last.
   */
  private String largest(String features) {
    return graph.squeeze(graph.node("GlobalMaxPool", List.of(features)), 2);
  }

  /**
   * Where some features are strongest, the first of equals.
   *
   * @param features float {@code [batch, all, n]}, or {@code [batch, all]} where n is 1
   * @param some which features: integers {@code [batch, some]}
   * @return float {@code [batch, some]}
   */
  private String places(String features, String some, int all, Scope.@Nullable Tokens tokens) {
    if (tokens == null) {
      String first = graph.node("Mul", List.of(some, graph.longs(new long[] {0}, 1)));
      return graph.cast(first, ElementType.FLOAT);
    }
    String real = graph.unsqueeze(tokens.mask().real(), 1);
    String activations;
    if (graph.opset() >= GATHER_ELEMENTS) {
      String one = graph.cast(graph.unsqueeze(tokens.mask().weights(), 1), ElementType.INT64);
      String zeros = graph.node("Mul", List.of(one, graph.longs(new long[] {0}, 1)));
      String repeated = graph.node("Add", List.of(graph.unsqueeze(some, 2), zeros));
      activations =
          graph.node(
              "GatherElements", List.of(features, repeated), OverlayGraph.integer("axis", 1));
    } else {
      String depth = graph.longs(new long[] {all});
      String offOn = graph.floats(new float[] {0, 1}, 2);
      String chosen =
          graph.node("OneHot", List.of(some, depth, offOn), OverlayGraph.integer("axis", 2));
      activations = graph.node("MatMul", List.of(chosen, features));
    }
    // A feature that is active nowhere is strongest at the first token that counts.
    String counted = graph.node("Where", List.of(real, activations, graph.constant(BELOW_ALL)));
    String place =
        graph.node(
            "ArgMax",
            List.of(counted),
            OverlayGraph.integer("axis", 2),
            OverlayGraph.integer("keepdims", 0));
    return graph.cast(place, ElementType.FLOAT);
  }

  /** The number of active features and the reconstruction error: float {@code [batch, 2]}. */
  private String quality(String x, String active, String decoded, Scope.@Nullable Tokens tokens) {
    String missing = graph.reduce("ReduceL2", graph.node("Sub", List.of(x, decoded)), 2, true);
    String error = graph.node("Div", List.of(missing, graph.reduce("ReduceL2", x, 2, true)));
    // What padding gives may be no number: a weight of 0 would not undo it.
    String both = graph.concat(List.of(active, error), 2);
    if (tokens == null) {
      return graph.squeeze(both, 1);
    }
    String real = graph.unsqueeze(tokens.mask().real(), 2);
    String counted = graph.node("Where", List.of(real, both, graph.constant(0)));
    return graph.squeeze(graph.node("MatMul", List.of(tokens.rows().mean(), counted)), 1);
  }
}
