package io.innerspan.onnxruntime.graft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Puts the values of all signals and the token count together into one output.
 *
 * <p>Signals behind gates lie in branches inside one branch, so that closed gates cost as much as
 * one does.
 */
final class ReadingGraph {
  private final OverlayGraph graph;
  private final TokenGroups groups;

  ReadingGraph(OverlayGraph graph, Host host) {
    this.graph = graph;
    this.groups = new TokenGroups(graph, host);
  }

  /**
   * Compiles the reading, float {@code [batch, columns + 1]}.
   *
   * @param open the signals that are computed for every inference
   * @param gated by gate, the signals behind it
   * @return the parts in the order of the columns: first those of {@code open}, then one per gate
   */
  List<Part> compile(List<Placed> open, List<List<Placed>> gated) {
    List<Part> parts = new ArrayList<>(signals(graph, open));
    String tokens = groups.count((open.isEmpty() ? gated.get(0).get(0) : open.get(0)).tap());
    List<String> values = new ArrayList<>(parts.stream().map(Part::values).toList());
    if (!gated.isEmpty()) {
      graph.input(OverlayCompiler.GATES, ElementType.BOOL, gated.size() + 1L);
      values.add(gated(gated, tokens, parts));
    }
    values.add(tokens);
    graph.node(OverlayCompiler.READING, "Concat", values, OverlayGraph.integer("axis", 1));
    graph.output(OverlayCompiler.READING);
    return parts;
  }

  private String gated(List<List<Placed>> gated, String tokens, List<Part> parts) {
    String shape = graph.node("Shape", List.of(tokens)); // [batch, 1]
    OverlayGraph anyOpen = graph.branch();
    groups.goOn(anyOpen);
    List<String> values = new ArrayList<>();
    long columns = 0;
    for (int gate = 0; gate < gated.size(); gate++) {
      OverlayGraph open = anyOpen.branch();
      List<Part> inside = signals(open, gated.get(gate));
      String all = open.concat(inside.stream().map(Part::values).toList(), 1);
      long width = inside.stream().mapToInt(Part::columns).sum();
      values.add(either(anyOpen, isOpen(anyOpen, gate + 1L), open, all, shape, width));
      parts.addAll(inside);
      columns += width;
    }
    return either(graph, isOpen(graph, 0), anyOpen, anyOpen.concat(values, 1), shape, columns);
  }

  private static String isOpen(OverlayGraph where, long gate) {
    return where.node("Gather", List.of(OverlayCompiler.GATES, where.longs(new long[] {gate}, 1)));
  }

  /** What a branch gives, or no numbers instead. */
  private static String either(
      OverlayGraph outer,
      String condition,
      OverlayGraph open,
      String values,
      String shape,
      long columns) {
    OverlayGraph closed = outer.branch();
    float[] none = new float[Math.toIntExact(columns)];
    Arrays.fill(none, Float.NaN);
    String missing = closed.node("Expand", List.of(closed.floats(none, 1, columns), shape));
    return outer.either(condition, open, values, closed, missing);
  }

  private List<Part> signals(OverlayGraph where, List<Placed> signals) {
    return new SignalsGraph(new Scope(where, groups)).compile(signals);
  }
}
