package io.innerspan.exporter.siem;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A finding as an alert of the Elastic Common Schema, version 8.17. The collector's
 * mapping/ecs.yaml makes the same.
 */
final class EcsDocument {
  private static final String VERSION = "8.17.0";

  /** In milliseconds, without zeros at the end: what the collector's FormatTime writes. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.MILLI_OF_SECOND, 0, 3, true)
          .appendLiteral('Z')
          .toFormatter(Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** What stands under {@code innerspan.finding} as it is. */
  private static final List<String> DETAILS =
      List.of(
          "kind",
          "severity",
          "dedup_key",
          "confidence",
          "score",
          "threshold",
          "direction",
          "effect_size",
          "p_value",
          "method",
          "count",
          "baseline",
          "baseline_count",
          "suppressed",
          "cohort");

  private EcsDocument() {}

  static Map<String, Object> of(Finding finding) {
    return new Members()
        .put("@timestamp", TIME.format(finding.time()))
        .put("ecs", Map.of("version", VERSION))
        .put("message", finding.title())
        .put("event", event(finding))
        .put("rule", rule(finding))
        .put("tags", finding.list("innerspan.finding.tags"))
        .put("innerspan", innerspan(finding))
        .put("trace", id(finding.traceId()))
        .put("span", id(finding.spanId()))
        .put("service", service(finding))
        .put("host", new Members().put("name", finding.resourceText("host.name")))
        .map();
  }

  private static Members event(Finding finding) {
    return new Members()
        .put("kind", "alert")
        .put("module", "innerspan")
        .put("dataset", Finding.EVENT)
        .put("id", finding.text("innerspan.finding.id"))
        .put("action", finding.kind())
        .put("severity", finding.severity().id())
        .put("start", finding.text("innerspan.finding.window.start"))
        .put("end", finding.text("innerspan.finding.window.end"));
  }

  private static Members rule(Finding finding) {
    return new Members()
        .put("id", finding.text("innerspan.monitor.id"))
        .put("name", finding.text("innerspan.monitor.id"))
        .put("version", finding.text("security_rule.version"))
        .put("reference", finding.text("security_rule.reference"))
        .put("ruleset", finding.text("security_rule.ruleset.name"));
  }

  private static Members innerspan(Finding finding) {
    Members details = new Members();
    DETAILS.forEach(
        name -> details.put(name, finding.attributes().get("innerspan.finding." + name)));
    return new Members()
        .put("finding", details)
        .put(
            "model",
            new Members().put("name", finding.model()).put("digest", finding.text("artifact.hash")))
        .put("signal", new Members().put("id", finding.text("innerspan.signal.id")))
        .put("pack", digest(finding.text("innerspan.pack_hash")))
        .put("tokenizer", digest(finding.text("innerspan.tokenizer.hash")));
  }

  private static Members digest(@Nullable String digest) {
    return new Members().put("digest", digest);
  }

  private static Members id(String id) {
    return new Members().put("id", id.isEmpty() ? null : id);
  }

  private static Members service(Finding finding) {
    Members service = new Members();
    String name = finding.resourceText("service.name");
    if (name != null) {
      service.put("name", name).put("version", finding.resourceText("service.version"));
    }
    return service;
  }
}
