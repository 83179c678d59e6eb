package io.innerspan.examples.quickstart.driver;

import io.innerspan.testing.ReceivedSpan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Draws the spans of one trace as a tree, with a bar for each probe's score. */
final class TraceTree {
  private static final int NAME_WIDTH = 44;
  private static final int BAR_WIDTH = 20;

  private final Palette palette;
  private final Map<String, List<ReceivedSpan>> children;
  private final List<String> lines = new ArrayList<>();

  private TraceTree(Palette palette, Map<String, List<ReceivedSpan>> children) {
    this.palette = palette;
    this.children = children;
  }

  /**
   * The lines of the tree.
   *
   * @param spans the spans of one trace in any order; one whose parent is not among them is a root
   */
  static List<String> draw(List<ReceivedSpan> spans, Palette palette) {
    Set<String> ids = spans.stream().map(ReceivedSpan::spanId).collect(Collectors.toSet());
    Map<String, List<ReceivedSpan>> children =
        spans.stream()
            .sorted(Comparator.comparingLong(span -> span.proto().getStartTimeUnixNano()))
            .collect(
                Collectors.groupingBy(
                    span -> ids.contains(span.parentSpanId()) ? span.parentSpanId() : ""));
    TraceTree tree = new TraceTree(palette, children);
    tree.drawChildren("", "");
    return tree.lines;
  }

  private void drawChildren(String parent, String indent) {
    List<ReceivedSpan> siblings = children.getOrDefault(parent, List.of());
    for (int i = 0; i < siblings.size(); i++) {
      boolean last = i == siblings.size() - 1;
      drawSpan(siblings.get(i), indent + (last ? "└─ " : "├─ "), indent + (last ? "   " : "│  "));
    }
  }

  private void drawSpan(ReceivedSpan span, String branch, String indent) {
    String name = Printable.line(span.name());
    String padding = " ".repeat(Math.max(1, NAME_WIDTH - branch.length() - name.length()));
    lines.add(
        branch
            + palette.bold(name)
            + padding
            + palette.faint(String.format(Locale.ROOT, "%-8s", kind(span)))
            + String.format(Locale.ROOT, "%8.1f ms", span.duration().toNanos() / 1e6));
    boolean hasChildren = children.containsKey(span.spanId());
    InferenceSpan.of(span)
        .probes()
        .forEach(
            (id, probe) -> lines.add(indent + (hasChildren ? "│  " : "   ") + line(id, probe)));
    drawChildren(span.spanId(), indent);
  }

  private String line(String id, InferenceSpan.Probe probe) {
    int filled = (int) Math.round(Math.max(0, Math.min(1, probe.score())) * BAR_WIDTH);
    String bar =
        palette.heat(probe.score(), "█".repeat(filled))
            + palette.faint("░".repeat(BAR_WIDTH - filled));
    String label = probe.label() == null ? "" : "  " + palette.bold(Printable.line(probe.label()));
    return String.format(Locale.ROOT, "%s %.3f  %s", bar, probe.score(), Printable.line(id))
        + label;
  }

  private static String kind(ReceivedSpan span) {
    return span.kind().name().replace("SPAN_KIND_", "");
  }
}
