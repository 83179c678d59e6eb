package io.innerspan.exporter.siem;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OcsfDocumentTest {
  @Test
  void of_aDrift_hasEverything() {
    Finding drift =
        new Finding(
            Instant.parse("2026-11-22T02:21:19.250Z"),
            "04040404040404040404040404040404",
            "0404040404040404",
            Map.ofEntries(
                Map.entry("event.name", "innerspan.finding"),
                Map.entry("innerspan.finding.id", "5f"),
                Map.entry("innerspan.finding.dedup_key", "a9"),
                Map.entry("innerspan.finding.kind", "drift"),
                Map.entry("innerspan.finding.severity", "medium"),
                Map.entry("innerspan.finding.confidence", 0.995),
                Map.entry("innerspan.finding.score", 12.0),
                Map.entry("innerspan.finding.method", "cusum_mean"),
                Map.entry("innerspan.finding.count", 280L),
                Map.entry("innerspan.finding.window.start", "2026-11-22T02:20:15.250Z"),
                Map.entry("innerspan.finding.window.end", "2026-11-22T02:21:15Z"),
                Map.entry("innerspan.finding.baseline", "october"),
                Map.entry("innerspan.finding.baseline_count", 20000L),
                Map.entry("innerspan.finding.suppressed", 2L),
                Map.entry("innerspan.finding.tags", List.of("owasp:LLM01")),
                Map.entry("innerspan.monitor.id", "norm_drift"),
                Map.entry("innerspan.signal.id", "norm_layer_4"),
                Map.entry("innerspan.model.name", "minilm"),
                Map.entry("artifact.hash", "sha256:75"),
                Map.entry("security_rule.version", "1.0.0"),
                Map.entry("security_rule.reference", "https://wiki.example.com/drift")),
            Map.of("service.name", "embedding", "host.name", "node-7", "os.type", "linux"));

    assertThat(JsonParser.parseString(FindingFormat.OCSF.write(drift)))
        .isEqualTo(
            JsonParser.parseString(
                """
                {
                  "activity_id": 1, "category_uid": 2, "class_uid": 2004, "type_uid": 200401,
                  "severity_id": 3, "severity": "Medium", "status_id": 1, "is_alert": true,
                  "time": 1795314079250, "start_time": 1795314015250, "end_time": 1795314075000,
                  "message": "drift: norm_drift on minilm", "count": 3, "confidence_score": 100,
                  "metadata": {
                    "version": "1.8.0", "product": {"name": "Innerspan", "vendor_name": "Innerspan"},
                    "log_name": "innerspan.finding", "uid": "5f", "correlation_uid": "a9",
                    "labels": ["owasp:LLM01"]
                  },
                  "finding_info": {
                    "uid": "5f", "title": "drift: norm_drift on minilm", "types": ["drift"],
                    "analytic": {
                      "uid": "norm_drift", "name": "norm_drift", "type_id": 3, "type": "Statistical",
                      "version": "1.0.0", "algorithm": "cusum_mean"
                    },
                    "src_url": "https://wiki.example.com/drift",
                    "related_events": [{"uid": "04040404040404040404040404040404", "type": "trace"}]
                  },
                  "evidences": [{
                    "uid": "0404040404040404",
                    "data": {
                      "artifact.hash": "sha256:75", "innerspan.finding.baseline": "october",
                      "innerspan.finding.baseline_count": 20000, "innerspan.finding.confidence": 0.995,
                      "innerspan.finding.count": 280, "innerspan.finding.dedup_key": "a9",
                      "innerspan.finding.id": "5f", "innerspan.finding.kind": "drift",
                      "innerspan.finding.method": "cusum_mean", "innerspan.finding.score": 12.0,
                      "innerspan.finding.severity": "medium", "innerspan.finding.suppressed": 2,
                      "innerspan.finding.tags": ["owasp:LLM01"],
                      "innerspan.finding.window.end": "2026-11-22T02:21:15Z",
                      "innerspan.finding.window.start": "2026-11-22T02:20:15.250Z",
                      "innerspan.model.name": "minilm", "innerspan.monitor.id": "norm_drift",
                      "innerspan.signal.id": "norm_layer_4",
                      "security_rule.reference": "https://wiki.example.com/drift",
                      "security_rule.version": "1.0.0"
                    }
                  }],
                  "resources": [
                    {"type": "AI model", "name": "minilm", "uid": "sha256:75"},
                    {"type": "Service", "name": "embedding", "data": {"host.name": "node-7"}}
                  ],
                  "anomaly_analyses": [{
                    "analysis_targets": [{"name": "norm_layer_4", "type": "signal"}],
                    "anomalies": [{
                      "observation_parameter": "norm_layer_4", "observation_type": "cusum_mean",
                      "observations": [{"value": "12", "count": 280}]
                    }],
                    "baselines": [{
                      "observation_parameter": "norm_layer_4", "observation_type": "cusum_mean",
                      "observations": [{"value": "october", "count": 20000}]
                    }]
                  }]
                }
                """));
  }

  @Test
  void of_packAndTokenizer_areKnownByTheirDigests() {
    Map<String, Object> document =
        OcsfDocument.of(
            new Finding(
                Instant.EPOCH,
                "",
                "",
                Map.of(
                    "innerspan.pack_hash", "sha256:5f",
                    "innerspan.tokenizer.hash", "sha256:da",
                    "innerspan.monitor.id", "tokenizer_mismatch",
                    "innerspan.finding.kind", "model_change",
                    "security_rule.ruleset.name", "guard",
                    "security_rule.version", "1.2.0"),
                Map.of("service.name", "embedding")));

    assertThat(JsonParser.parseString(JsonText.of(document.get("finding_info"))))
        .isEqualTo(
            JsonParser.parseString(
                """
                {
                  "title": "model_change: tokenizer_mismatch on unnamed model",
                  "types": ["model_change"],
                  "analytic": {
                    "uid": "tokenizer_mismatch", "name": "tokenizer_mismatch",
                    "type_id": 5, "type": "Fingerprinting", "version": "1.2.0",
                    "related_analytics": [{
                      "uid": "sha256:5f", "name": "guard", "version": "1.2.0",
                      "type_id": 99, "type": "Probe pack"
                    }]
                  }
                }
                """));
    assertThat(JsonParser.parseString(JsonText.of(document.get("resources"))))
        .isEqualTo(
            JsonParser.parseString(
                """
                [
                  {"type": "AI model", "name": "unnamed model"},
                  {"type": "Service", "name": "embedding"},
                  {"type": "Tokenizer", "name": "tokenizer.json", "uid": "sha256:da"}
                ]
                """));
  }

  @ParameterizedTest
  @CsvSource({
    "informational, 1",
    "low, 2",
    "medium, 3",
    "high, 4",
    "critical, 5",
    "catastrophic, 0",
    "'', 0"
  })
  void of_severity_isOcsfs(String severity, int id) {
    assertThat(OcsfDocument.of(finding("innerspan.finding.severity", severity)))
        .containsEntry("severity_id", id);
  }

  @Test
  void of_windowThatIsNoTime_leavesItOut() {
    assertThat(OcsfDocument.of(finding("innerspan.finding.window.start", "yesterday")))
        .doesNotContainKey("start_time");
  }

  @Test
  void of_attributeOfTheWrongType_leavesItOut() {
    assertThat(OcsfDocument.of(finding("innerspan.finding.confidence", "high")))
        .doesNotContainKey("confidence_score");
  }

  @Test
  void write_scoreThatIsNotFinite_isJsonAllTheSame() {
    String json = FindingFormat.OCSF.write(finding("innerspan.finding.score", Double.NaN));
    assertThat(json).contains("\"innerspan.finding.score\":\"NaN\"");
    assertThat(JsonParser.parseString(json).isJsonObject()).isTrue();
  }

  private static Finding finding(String key, Object value) {
    return new Finding(Instant.EPOCH, "", "", Map.of(key, value), Map.of());
  }
}
