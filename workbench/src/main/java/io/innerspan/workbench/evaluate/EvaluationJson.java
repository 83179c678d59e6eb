package io.innerspan.workbench.evaluate;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.innerspan.signals.LinearProbe;
import io.innerspan.workbench.model.ProbeLatency;
import io.innerspan.workbench.stats.CertifiedThreshold;
import io.innerspan.workbench.stats.Interval;
import io.innerspan.workbench.stats.Rate;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An evaluation as one JSON object; numbers that do not exist are null. */
public final class EvaluationJson {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

  private final EvaluationReport report;

  private EvaluationJson(EvaluationReport report) {
    this.report = report;
  }

  /** The whole object. */
  public static String of(EvaluationReport report) {
    return GSON.toJson(new EvaluationJson(report).json());
  }

  private JsonObject json() {
    JsonObject json = new JsonObject();
    json.add("pack", pack());
    json.add("data", data());
    put(json, "auroc", report.auroc());
    put(json, "pr_auc", report.prAuc());
    json.add("tpr_at_fpr", points());
    json.add("threshold", threshold());
    json.add("fpr_by_length", buckets(report.byLength(), "tokens"));
    JsonObject slices = new JsonObject();
    report.bySlice().forEach((column, of) -> slices.add(column, buckets(of, "value")));
    json.add("fpr_by_slice", slices);
    put(json, "ece", report.calibration().ece());
    put(json, "brier", report.calibration().brier());
    json.add("calibration_curve", curve());
    json.add("latency", latency());
    json.add("baselines", ComparisonJson.baselines(report.baselines()));
    json.addProperty("best_baseline", report.best().key());
    put(json, "difference_to_best_baseline", report.best().difference());
    JsonArray asGood = new JsonArray();
    report.asGood().forEach(baseline -> asGood.add(baseline.key()));
    json.add("baselines_as_good", asGood);
    json.add("by_layer", ComparisonJson.layers(report.layers()));
    json.add("cross_source", ComparisonJson.sources(report.sources()));
    json.addProperty("gate", report.passes());
    json.addProperty("gate_reason", report.gateReason());
    return json;
  }

  private JsonObject pack() {
    JsonObject json = new JsonObject();
    json.addProperty("name", report.pack().name());
    json.addProperty("version", report.pack().version());
    json.addProperty("digest", report.pack().digest());
    json.addProperty("model_sha256", report.pack().model().sha256());
    json.addProperty("probe", report.probe().id());
    json.addProperty("hook_point", report.probe().hookPoints().get(0).name());
    json.addProperty(
        "pooling", report.probe() instanceof LinearProbe probe ? "" + probe.pooling() : null);
    return json;
  }

  private JsonObject data() {
    EvaluationReport.Data data = report.data();
    JsonObject json = new JsonObject();
    json.addProperty("file", data.file());
    json.addProperty("sha256", data.sha256());
    json.addProperty("rows", data.rows());
    json.addProperty("positive_rows", data.positives());
    json.addProperty("other_rows", data.others());
    json.addProperty("groups", data.groups());
    json.addProperty("positive_groups", data.positiveGroups());
    json.addProperty("other_groups", data.otherGroups());
    json.addProperty("excluded_seen_by_pack", data.excluded().byPack());
    json.addProperty("excluded_in_train_file", data.excluded().byTraining());
    json.addProperty("excluded_without_reading", data.silent());
    json.addProperty("pack_has_digests", data.excluded().digests());
    json.addProperty("copies_of_a_text", data.excluded().copies());
    json.addProperty("copies_kept", data.excluded().kept());
    json.addProperty("train_file", data.trainFile());
    json.addProperty("train_rows", data.trainRows());
    json.addProperty("crosswise_folds", data.folds());
    json.addProperty("benign_file", data.benignFile());
    return json;
  }

  private JsonObject points() {
    JsonObject json = new JsonObject();
    for (OperatingPoint point : report.points()) {
      CertifiedThreshold certified = point.certified();
      JsonObject at = new JsonObject();
      at.addProperty("certified", certified.logit() != null);
      at.addProperty("benign_n", certified.units());
      at.addProperty("needs_n", CertifiedThreshold.fewestUnits(certified.rate()));
      at.addProperty("fpr_bound", certified.upperBound());
      at.addProperty("threshold_logit", certified.logit());
      put(at, "tpr", point.truePositives());
      at.add("measured_fpr", rate(point.falsePositives()));
      json.add(BigDecimal.valueOf(certified.rate()).toPlainString(), at);
    }
    return json;
  }

  private JsonObject threshold() {
    InForce inForce = report.inForce();
    JsonObject json = new JsonObject();
    json.addProperty("from", inForce.origin());
    json.addProperty("score", inForce.score());
    json.addProperty("fpr_bound", inForce.bound());
    json.add("fpr", rate(inForce.falsePositives()));
    json.add("tpr", rate(inForce.truePositives()));
    return json;
  }

  private static JsonArray buckets(List<InForce.Bucket> buckets, String name) {
    JsonArray array = new JsonArray();
    for (InForce.Bucket bucket : buckets) {
      JsonObject json = new JsonObject();
      json.addProperty(name, bucket.name());
      json.add("fpr", rate(bucket.rate()));
      array.add(json);
    }
    return array;
  }

  private static @Nullable JsonObject rate(@Nullable Rate rate) {
    if (rate == null) {
      return null;
    }
    JsonObject json = new JsonObject();
    json.addProperty("rows", rate.rows());
    json.addProperty("over", rate.over());
    json.addProperty("value", finite(rate.value()));
    json.addProperty("upper_bound", rate.upperBound());
    return json;
  }

  private JsonArray curve() {
    JsonArray array = new JsonArray();
    report
        .calibration()
        .curve()
        .forEach(
            bin -> {
              JsonObject json = new JsonObject();
              json.addProperty("from", bin.from());
              json.addProperty("to", bin.to());
              json.addProperty("rows", bin.rows());
              json.addProperty("mean_score", bin.probability());
              json.addProperty("positive_share", bin.positives());
              array.add(json);
            });
    return array;
  }

  private @Nullable JsonObject latency() {
    ProbeLatency latency = report.latency();
    if (latency == null) {
      return null;
    }
    JsonObject json = new JsonObject();
    json.addProperty("texts", latency.texts());
    json.addProperty("plain_ms", latency.plainMillis());
    json.addProperty("with_probe_ms", latency.probedMillis());
    json.addProperty("added_ms", latency.addedMillis());
    return json;
  }

  static void put(JsonObject json, String name, @Nullable Interval interval) {
    json.addProperty(name, interval == null ? null : finite(interval.value()));
    json.addProperty(name + "_low", interval == null ? null : finite(interval.low()));
    json.addProperty(name + "_high", interval == null ? null : finite(interval.high()));
  }

  static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? Double.valueOf(value) : null;
  }
}
