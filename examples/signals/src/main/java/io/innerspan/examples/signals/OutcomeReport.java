package io.innerspan.examples.signals;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.innerspan.examples.quickstart.driver.Palette;
import io.innerspan.examples.quickstart.driver.Printable;
import io.innerspan.testing.ReceivedSpan;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows outcomes on standard output. */
final class OutcomeReport {
  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
  private static final String NOTE =
      "Weights of probes, autoencoders and lenses are seeded random numbers or set by hand, but for"
          + " the quickstart's probe: the values show the plumbing, they are not validated.";

  private final PrintStream out;
  private final Palette palette;

  OutcomeReport(PrintStream out, Palette palette) {
    this.out = out;
    this.palette = palette;
  }

  /** One JSON object per model. */
  void json(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      ReceivedSpan span = outcome.span();
      Map<String, @Nullable Object> line = new LinkedHashMap<>();
      line.put("model", outcome.showcase().name());
      line.put("file", String.valueOf(outcome.showcase().file().getFileName()));
      line.put("about", outcome.showcase().about());
      line.put("span", span == null ? null : span.name());
      line.put("trace_id", span == null ? null : span.traceId());
      line.put("duration_ms", span == null ? null : span.duration().toNanos() / 1e6);
      line.put("attributes", span == null ? Map.of() : new TreeMap<>(span.attributes()));
      line.put("metrics", outcome.metrics());
      line.put("missing", outcome.missing());
      out.println(GSON.toJson(line));
    }
  }

  /** Each model's span with its attributes, and metrics. */
  void text(List<Outcome> outcomes) {
    out.println();
    out.println(NOTE);
    outcomes.forEach(this::text);
  }

  private void text(Outcome outcome) {
    out.println();
    out.println(palette.bold(outcome.showcase().name()));
    out.println(palette.faint(outcome.showcase().about()));
    ReceivedSpan span = outcome.span();
    if (span != null) {
      out.printf(
          Locale.ROOT,
          "└─ %s  %.2f ms%n",
          Printable.line(span.name()),
          span.duration().toNanos() / 1e6);
      new TreeMap<>(span.attributes())
          .forEach(
              (key, value) -> {
                if (key.startsWith("innerspan.")) {
                  line(key.substring("innerspan.".length()), value);
                }
              });
    }
    if (!outcome.metrics().isEmpty()) {
      out.println("   metrics, means over the inferences");
      outcome.metrics().forEach((name, mean) -> line(name.substring("innerspan.".length()), mean));
    }
    outcome.missing().forEach(name -> out.println("   missing: " + name));
  }

  private void line(String name, Object value) {
    out.printf(Locale.ROOT, "      %-54s %s%n", Printable.line(name), Printable.line(value(value)));
  }

  private static String value(Object value) {
    if (value instanceof Double number) {
      return String.format(Locale.ROOT, "%.4g", number);
    }
    if (value instanceof List<?> list) {
      return list.stream()
          .map(each -> each == null ? "" : value(each))
          .collect(Collectors.joining(", ", "[", "]"));
    }
    return value.toString();
  }
}
