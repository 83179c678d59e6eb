package io.innerspan.onnxruntime.graft;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Puts the values of all signals and the token count together into one output.
 *
 * <p>Each gate is a branch. Those of dear signals lie inside one branch, and with the others inside
 * another, so that closed gates cost as much as one does. Where every signal has a gate, the whole
 * reading is that branch: with all of them closed it has no rows.
 */
final class ReadingGraph {
  private final OverlayGraph graph;
  private final TokenGroups groups;

  ReadingGraph(OverlayGraph graph, Host host) {
    this.graph = graph;
    this.groups = new TokenGroups(graph, host);
  }

  /**
   * Compiles the reading, float {@code [batch, columns + 1]}; {@code [0, columns + 1]} where every
   * signal has a gate and all of these are closed.
   *
   * @param open the signals that are computed for every inference
   * @param gates the others; there is at least one signal
   * @return the parts in the order of the columns: first those of {@code open}, then gate by gate
   */
  List<Part> compile(List<Placed> open, Gates gates) {
    if (gates.count() > 0) {
      graph.input(OverlayCompiler.GATES, ElementType.BOOL, gates.count() + 2L);
    }
    List<Part> parts = open.isEmpty() ? behind(gates) : beside(open, gates);
    graph.output(OverlayCompiler.READING);
    return parts;
  }

  private List<Part> behind(Gates gates) {
    List<Part> parts = new ArrayList<>();
    String tokens = groups.count(gates.first().get(0).tap());
    OverlayGraph anyOpen = graph.branch();
    List<String> values = inside(anyOpen, gates, tokens, parts);
    values.add(tokens);
    String reading = anyOpen.concat(values, 1);
    String open = element(graph, gates.count() + 1L);
    OverlayGraph closed = graph.branch();
    // Not a constant of no rows: the runtime would take that for the shape of both branches.
    String row = graph.floats(new float[columns(parts, 0) + 1], 1, columns(parts, 0) + 1L);
    String none = closed.node("Compress", List.of(row, open), OverlayGraph.integer("axis", 0));
    graph.either(OverlayCompiler.READING, open, anyOpen, reading, closed, none);
    return parts;
  }

  private List<Part> beside(List<Placed> open, Gates gates) {
    List<Part> parts = new ArrayList<>(signals(graph, open));
    String tokens = groups.count(open.get(0).tap());
    List<String> values = values(parts);
    if (gates.count() > 0) {
      String shape = graph.node("Shape", List.of(tokens)); // [batch, 1]
      OverlayGraph anyOpen = graph.branch();
      List<Part> gated = new ArrayList<>();
      String all = anyOpen.concat(inside(anyOpen, gates, tokens, gated), 1);
      values.add(either(graph, gates.count() + 1L, anyOpen, all, shape, columns(gated, 0)));
      parts.addAll(gated);
    }
    values.add(tokens);
    graph.node(OverlayCompiler.READING, "Concat", values, OverlayGraph.integer("axis", 1));
    return parts;
  }

  /** What a branch computes that is taken if any gate is open. */
  private List<String> inside(OverlayGraph where, Gates gates, String tokens, List<Part> parts) {
    if (gates.count() == 1) {
      parts.addAll(signals(where, gates.first()));
      return values(parts);
    }
    String shape = where.node("Shape", List.of(tokens)); // [batch, 1]
    List<String> values = branches(where, gates.standing(), 0, shape, parts);
    int first = gates.standing().size();
    if (first == 0 || gates.sampled().size() == 1) {
      values.addAll(branches(where, gates.sampled(), first, shape, parts));
    } else if (!gates.sampled().isEmpty()) {
      int before = parts.size();
      OverlayGraph anyOpen = where.branch();
      String all = anyOpen.concat(branches(anyOpen, gates.sampled(), first, shape, parts), 1);
      values.add(either(where, 0, anyOpen, all, shape, columns(parts, before)));
    }
    return values;
  }

  /** A branch for each gate, whose parts are added to {@code parts}. */
  private List<String> branches(
      OverlayGraph where, List<List<Placed>> gates, long first, String shape, List<Part> parts) {
    List<String> values = new ArrayList<>();
    for (int gate = 0; gate < gates.size(); gate++) {
      OverlayGraph open = where.branch();
      List<Part> inside = signals(open, gates.get(gate));
      String all = open.concat(values(inside), 1);
      values.add(either(where, first + gate + 1, open, all, shape, columns(inside, 0)));
      parts.addAll(inside);
    }
    return values;
  }

  private static int columns(List<Part> parts, int from) {
    return parts.stream().skip(from).mapToInt(Part::columns).sum();
  }

  /** What a branch gives if an element of the gates is true, or no numbers instead. */
  private static String either(
      OverlayGraph outer,
      long element,
      OverlayGraph open,
      String values,
      String shape,
      int columns) {
    OverlayGraph closed = outer.branch();
    float[] none = new float[columns];
    Arrays.fill(none, Float.NaN);
    String missing = closed.node("Expand", List.of(closed.floats(none, 1, columns), shape));
    return outer.either(element(outer, element), open, values, closed, missing);
  }

  private static String element(OverlayGraph where, long element) {
    return where.node(
        "Gather", List.of(OverlayCompiler.GATES, where.longs(new long[] {element}, 1)));
  }

  private static List<String> values(List<Part> parts) {
    return new ArrayList<>(parts.stream().map(Part::values).toList());
  }

  private List<Part> signals(OverlayGraph where, List<Placed> signals) {
    return new SignalsGraph(new Scope(where, groups)).compile(signals);
  }
}
