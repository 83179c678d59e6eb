package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of activations: the small arithmetic is done for all signals together, and one product
 * averages all over the tokens.
 *
 * <p>What padding holds never reaches an average, not even when it is no number.
 */
final class SummaryGraph {
  private static final Set<Statistic> OF_KNOWN_WIDTH =
      EnumSet.of(Statistic.SPARSITY, Statistic.KURTOSIS);

  /** One column. */
  private record Column(Placed placed, Statistic statistic) {}

  private final Scope scope;
  private final OverlayGraph graph;

  SummaryGraph(Scope scope) {
    this.scope = scope;
    this.graph = scope.graph();
  }

  /** Why a summary cannot be compiled, or null. */
  static @Nullable SignalRefusal refusal(Placed placed, Host host) {
    ActivationSummary summary = (ActivationSummary) placed.signal();
    long width = placed.tap().width();
    for (TapPoint tap : placed.taps()) {
      SignalRefusal refusal = host.activationRefusal(summary, tap, width);
      if (refusal != null) {
        return refusal;
      }
      if (tap.perToken() != placed.tap().perToken()) {
        return Host.unsupported(
            summary,
            "expected a previous activation like "
                + placed.tap().tensor().shapeText()
                + ", found "
                + tap.tensor().shapeText());
      }
    }
    for (Statistic statistic : summary.statistics()) {
      if (width < 2 && OF_KNOWN_WIDTH.contains(statistic)) {
        return Host.unsupported(
            summary,
            statistic.label()
                + " needs a known width of at least 2, found "
                + placed.tap().tensor().shapeText());
      }
    }
    return null;
  }

  /**
   * @param summaries at least one
   */
  List<Part> values(List<Placed> summaries) {
    List<Placed> whole = new ArrayList<>();
    Map<Scope.Tokens, List<Placed>> perToken = new LinkedHashMap<>();
    for (Placed placed : summaries) {
      if (placed.tap().perToken()) {
        perToken.computeIfAbsent(scope.tokens(placed), any -> new ArrayList<>()).add(placed);
      } else {
        whole.add(placed);
      }
    }
    TokenStatistics statistics = new TokenStatistics(scope);
    List<Part> parts = new ArrayList<>();
    perToken.forEach(
        (tokens, some) -> {
          String real = graph.unsqueeze(tokens.mask().real(), 2);
          List<Column> columns = byStatistic(some);
          String values = columns(statistics, columns, 2);
          String safe = graph.node("Where", List.of(real, values, graph.constant(0)));
          String mean = graph.node("MatMul", List.of(tokens.rows().mean(), safe));
          parts.add(part(some, columns, graph.squeeze(mean, 1)));
        });
    if (!whole.isEmpty()) {
      List<Column> columns = byStatistic(whole);
      parts.add(part(whole, columns, columns(statistics, columns, 1)));
    }
    return parts;
  }

  private static List<Column> byStatistic(List<Placed> summaries) {
    List<Column> columns = new ArrayList<>();
    for (Placed placed : summaries) {
      ((ActivationSummary) placed.signal())
          .statistics()
          .forEach(statistic -> columns.add(new Column(placed, statistic)));
    }
    columns.sort(Comparator.comparing(Column::statistic));
    return columns;
  }

  /** The columns side by side along the last axis, one value per token or row each. */
  private String columns(TokenStatistics statistics, List<Column> columns, int axis) {
    Map<Statistic, List<Placed>> groups = new LinkedHashMap<>();
    for (Column column : columns) {
      groups.computeIfAbsent(column.statistic(), any -> new ArrayList<>()).add(column.placed());
    }
    List<String> values = new ArrayList<>();
    groups.forEach((statistic, some) -> values.add(statistics.of(statistic, some, axis)));
    return graph.concat(values, axis);
  }

  /** Columns in the order of the signals. */
  private Part part(List<Placed> summaries, List<Column> columns, String values) {
    List<Signal> signals = summaries.stream().map(Placed::signal).toList();
    List<Column> ordered = new ArrayList<>();
    for (Placed placed : summaries) {
      columns.stream().filter(column -> column.placed().equals(placed)).forEach(ordered::add);
    }
    if (ordered.equals(columns)) {
      return new Part(signals, values);
    }
    long[] own = ordered.stream().mapToLong(columns::indexOf).toArray();
    return new Part(
        signals,
        graph.node(
            "Gather",
            List.of(values, graph.longs(own, own.length)),
            OverlayGraph.integer("axis", 1)));
  }
}
