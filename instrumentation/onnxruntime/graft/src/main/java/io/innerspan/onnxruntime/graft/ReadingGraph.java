package io.innerspan.onnxruntime.graft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Puts the values of all signals and the token count together into one output.
 *
 * <p>Each gate is a branch. Those of dear signals lie inside one branch, and with the others inside
 * another, so that closed gates cost as much as one does.
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
   * @param gates the others; there is at least one signal
   * @return the parts in the order of the columns: first those of {@code open}, then gate by gate
   */
  List<Part> compile(List<Placed> open, Gates gates) {
    List<Part> parts = new ArrayList<>(signals(graph, open));
    Placed any = open.isEmpty() ? gates.any().orElseThrow() : open.get(0);
    String tokens = groups.count(any.tap());
    List<String> values = new ArrayList<>(parts.stream().map(Part::values).toList());
    if (gates.count() > 0) {
      graph.input(OverlayCompiler.GATES, ElementType.BOOL, gates.count() + 2L);
      String shape = graph.node("Shape", List.of(tokens)); // [batch, 1]
      values.add(gated(gates, shape, parts));
    }
    values.add(tokens);
    graph.node(OverlayCompiler.READING, "Concat", values, OverlayGraph.integer("axis", 1));
    graph.output(OverlayCompiler.READING);
    return parts;
  }

  private String gated(Gates gates, String shape, List<Part> parts) {
    boolean oneBranch = gates.standing().size() + (gates.sampled().isEmpty() ? 0 : 1) == 1;
    if (oneBranch) {
      return inside(graph, gates, shape, parts);
    }
    int before = parts.size();
    OverlayGraph anyOpen = graph.branch();
    groups.goOn(anyOpen);
    String all = inside(anyOpen, gates, shape, parts);
    return either(graph, gates.count() + 1L, anyOpen, all, shape, columns(parts, before));
  }

  private String inside(OverlayGraph where, Gates gates, String shape, List<Part> parts) {
    List<String> values = branches(where, gates.standing(), 0, shape, parts);
    if (!gates.sampled().isEmpty()) {
      int before = parts.size();
      OverlayGraph anyOpen = where.branch();
      groups.goOn(anyOpen);
      List<String> sampled =
          branches(anyOpen, gates.sampled(), gates.standing().size(), shape, parts);
      String all = anyOpen.concat(sampled, 1);
      values.add(either(where, 0, anyOpen, all, shape, columns(parts, before)));
    }
    return where.concat(values, 1);
  }

  /** A branch for each gate, whose parts are added to {@code parts}. */
  private List<String> branches(
      OverlayGraph where, List<List<Placed>> gates, long first, String shape, List<Part> parts) {
    List<String> values = new ArrayList<>();
    for (int gate = 0; gate < gates.size(); gate++) {
      OverlayGraph open = where.branch();
      List<Part> inside = signals(open, gates.get(gate));
      String all = open.concat(inside.stream().map(Part::values).toList(), 1);
      values.add(either(where, first + gate + 1, open, all, shape, columns(inside, 0)));
      parts.addAll(inside);
    }
    return values;
  }

  private static long columns(List<Part> parts, int from) {
    return parts.stream().skip(from).mapToInt(Part::columns).sum();
  }

  /** What a branch gives if an element of the gates is true, or no numbers instead. */
  private static String either(
      OverlayGraph outer,
      long element,
      OverlayGraph open,
      String values,
      String shape,
      long columns) {
    String condition =
        outer.node("Gather", List.of(OverlayCompiler.GATES, outer.longs(new long[] {element}, 1)));
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
