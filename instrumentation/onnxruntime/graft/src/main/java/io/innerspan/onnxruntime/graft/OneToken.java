package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.Pooling;
import io.innerspan.signals.Position;
import io.innerspan.signals.Signal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one token of each row that a signal looks at. Others are not read: they never matter. */
final class OneToken {
  private final OverlayGraph graph;
  private final Scope.Tokens tokens;
  private final String indices;

  OneToken(Scope scope, Placed placed, Position position) {
    graph = scope.graph();
    tokens =
        position.kind() == Position.Kind.TOKEN_ID
            ? scope.ofId(placed, position.tokenId())
            : scope.real(placed);
    TokenRows rows = tokens.rows();
    String row = position.kind() == Position.Kind.LAST ? rows.last() : rows.first();
    String flags = graph.node("Reshape", List.of(row, graph.longs(new long[] {-1}, 1)));
    indices = graph.squeeze(graph.node("NonZero", List.of(flags)), 0);
  }

  /** Why a position cannot be found in a model, or null. */
  static @Nullable SignalRefusal refusal(
      Signal signal, Position position, TapPoint tap, Host host) {
    SignalRefusal refusal = host.tokensRefusal(signal, tap);
    if (refusal != null) {
      return refusal;
    }
    return switch (position.kind()) {
      case FIRST -> null;
      case LAST -> Host.unsupportedIf(signal, TokenRows.refusal(Pooling.LAST, host.opset()));
      case TOKEN_ID -> host.idsRefusal(signal, tap);
    };
  }

  /** What a tensor {@code [batch, tokens, n]} of any type has there: {@code [batch, n]}. */
  String of(String perToken) {
    String flat = graph.node("Flatten", List.of(perToken), OverlayGraph.integer("axis", 2));
    return graph.node("Gather", List.of(flat, indices), OverlayGraph.integer("axis", 0));
  }

  /** Values {@code [batch, columns]}, but no numbers for a row that has no such token. */
  String orNone(String values) {
    if (!tokens.mask().selected()) {
      return values;
    }
    String found = graph.node("Greater", List.of(tokens.mask().count(), graph.constant(0)));
    return graph.node("Where", List.of(found, values, graph.constant(Float.NaN)));
  }
}
