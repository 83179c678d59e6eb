package io.innerspan.exporter.siem;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A finding as Detection Finding of the Open Cybersecurity Schema Framework: class 2004 of version
 * 1.8.0. The collector's mapping/ocsf.yaml makes the same.
 */
final class OcsfDocument {
  private static final String VERSION = "1.8.0";
  private static final int CATEGORY = 2;
  private static final int CLASS = 2004;
  private static final int CREATE = 1;
  private static final int NEW = 1;
  private static final int OTHER = 99;
  private static final Pattern EVIDENCE =
      Pattern.compile("(innerspan|artifact|security_rule)\\..*");
  private static final Pattern PLACE =
      Pattern.compile(
          "service\\.namespace|service\\.instance\\.id|host\\.name|k8s\\.(namespace|pod|node)\\.name"
              + "|deployment\\.environment\\.name");

  private final Finding finding;

  private OcsfDocument(Finding finding) {
    this.finding = finding;
  }

  static Map<String, Object> of(Finding finding) {
    return new OcsfDocument(finding).document();
  }

  private Map<String, Object> document() {
    Number confidence = finding.number("innerspan.finding.confidence");
    return new Members()
        .put("activity_id", CREATE)
        .put("category_uid", CATEGORY)
        .put("class_uid", CLASS)
        .put("type_uid", CLASS * 100 + CREATE)
        .put("severity_id", finding.severity().id())
        .put("severity", finding.severity().caption())
        .put("status_id", NEW)
        .put("is_alert", true)
        .put("time", finding.time().toEpochMilli())
        .put("message", finding.title())
        .put("count", finding.count())
        .put("confidence_score", confidence == null ? null : percent(confidence.doubleValue()))
        .put("start_time", Numerals.epochMillis(finding.text("innerspan.finding.window.start")))
        .put("end_time", Numerals.epochMillis(finding.text("innerspan.finding.window.end")))
        .put("metadata", metadata())
        .put("finding_info", findingInfo())
        .put("evidences", List.of(evidence().map()))
        .put("resources", resources())
        .put("anomaly_analyses", anomalyAnalyses())
        .map();
  }

  private static long percent(double share) {
    return (long) (share * 100 + 0.5);
  }

  private Members metadata() {
    return new Members()
        .put("version", VERSION)
        .put("product", new Members().put("name", "Innerspan").put("vendor_name", "Innerspan"))
        .put("log_name", Finding.EVENT)
        .put("uid", finding.text("innerspan.finding.id"))
        .put("correlation_uid", finding.text("innerspan.finding.dedup_key"))
        .put("labels", finding.list("innerspan.finding.tags"));
  }

  private Members findingInfo() {
    Members analytic =
        new Members()
            .put("uid", finding.text("innerspan.monitor.id"))
            .put("name", finding.text("innerspan.monitor.id"))
            .put("type_id", Analytic.of(finding.kind()).id)
            .put("type", Analytic.of(finding.kind()).caption)
            .put("version", finding.text("security_rule.version"))
            .put("algorithm", finding.text("innerspan.finding.method"))
            .put("related_analytics", pack());
    return new Members()
        .put("uid", finding.text("innerspan.finding.id"))
        .put("title", finding.title())
        .put("types", List.of(finding.kind()))
        .put("analytic", analytic)
        .put("src_url", finding.text("security_rule.reference"))
        .put("related_events", relatedEvents());
  }

  /** The pack that the monitor belongs to, by its content. */
  private @Nullable List<?> pack() {
    String hash = finding.text("innerspan.pack_hash");
    return hash == null
        ? null
        : List.of(
            new Members()
                .put("uid", hash)
                .put("name", finding.text("security_rule.ruleset.name"))
                .put("type_id", OTHER)
                .put("type", "Probe pack")
                .put("version", finding.text("security_rule.version"))
                .map());
  }

  private @Nullable List<?> relatedEvents() {
    return finding.traceId().isEmpty()
        ? null
        : List.of(new Members().put("uid", finding.traceId()).put("type", "trace").map());
  }

  private Members evidence() {
    return new Members()
        .put("data", select(finding.attributes(), EVIDENCE))
        .put("uid", finding.spanId().isEmpty() ? null : finding.spanId());
  }

  private List<?> resources() {
    String tokenizer = finding.text("innerspan.tokenizer.hash");
    Map<String, Object> model = model().map();
    Map<String, Object> service = service().map();
    return tokenizer == null
        ? List.of(model, service)
        : List.of(
            model,
            service,
            new Members()
                .put("type", "Tokenizer")
                .put("name", Finding.TOKENIZER)
                .put("uid", tokenizer)
                .map());
  }

  private Members model() {
    return new Members()
        .put("type", "AI model")
        .put("name", finding.model())
        .put("uid", finding.text("artifact.hash"));
  }

  private Members service() {
    String name = finding.resourceText("service.name");
    Map<String, Object> place = select(finding.resource(), PLACE);
    return new Members()
        .put("type", "Service")
        .put("name", name == null ? "unknown_service" : name)
        .put("version", finding.resourceText("service.version"))
        .put("data", place.isEmpty() ? null : place);
  }

  private @Nullable List<?> anomalyAnalyses() {
    String signal = finding.text("innerspan.signal.id");
    String method = finding.text("innerspan.finding.method");
    Number score = finding.number("innerspan.finding.score");
    Number count = finding.number("innerspan.finding.count");
    String baseline = finding.text("innerspan.finding.baseline");
    Number baselineCount = finding.number("innerspan.finding.baseline_count");
    if (!finding.kind().equals("drift")
        || signal == null
        || method == null
        || score == null
        || count == null
        || baseline == null
        || baselineCount == null) {
      return null;
    }
    return List.of(
        new Members()
            .put(
                "analysis_targets",
                List.of(new Members().put("name", signal).put("type", "signal").map()))
            .put("anomalies", List.of(observed(signal, method, Numerals.text(score), count)))
            .put("baselines", List.of(observed(signal, method, baseline, baselineCount)))
            .map());
  }

  private static Map<String, Object> observed(
      String signal, String method, String value, Number count) {
    return new Members()
        .put("observation_parameter", signal)
        .put("observation_type", method)
        .put("observations", List.of(new Members().put("value", value).put("count", count).map()))
        .map();
  }

  private static Map<String, Object> select(Map<String, Object> attributes, Pattern keys) {
    Map<String, Object> selected = new TreeMap<>();
    attributes.forEach(
        (key, value) -> {
          if (keys.matcher(key).matches()) {
            selected.put(key, value);
          }
        });
    return selected;
  }

  /** OCSF's kinds of analytic: a learnt score, statistics over readings, or a fingerprint. */
  private enum Analytic {
    STATISTICAL(3, "Statistical"),
    LEARNING(4, "Learning (ML/DL)"),
    FINGERPRINTING(5, "Fingerprinting");

    private final int id;
    private final String caption;

    Analytic(int id, String caption) {
      this.id = id;
      this.caption = caption;
    }

    static Analytic of(String kind) {
      return switch (kind) {
        case "rate", "drift", "spike" -> STATISTICAL;
        case "canary", "model_change" -> FINGERPRINTING;
        default -> LEARNING;
      };
    }
  }
}
