package io.innerspan.workbench.calibrate;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.drift.DriftMethod;
import io.innerspan.signals.monitor.SignalBaseline;
import io.innerspan.workbench.stats.Interval;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells what calibrating gave, to people and to programs. */
public final class CalibrationText {
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  /** Lines for people. */
  public static void print(Calibrated done, PrintWriter out) {
    out.println(
        done.pack().label() + ", digest " + done.pack().digest() + ", was " + done.before());
    CalibratedScores scores = done.scores();
    if (scores != null) {
      out.println(
          "  probe "
              + scores.probe().id()
              + ": "
              + words(scores.probe().calibration())
              + ", of "
              + scores.positives()
              + " positive and "
              + scores.benign()
              + " other rows; left out: "
              + scores.excluded()
              + " seen by the pack, "
              + scores.silent()
              + " without a reading");
      line(out, "ECE", scores.eceBefore(), scores.eceAfter(), scores.folds());
      line(out, "Brier score", scores.brierBefore(), scores.brierAfter(), scores.folds());
      List<Threshold> thresholds = thresholds(scores);
      thresholds.forEach(threshold -> out.println("  " + words(threshold)));
      if (thresholds.isEmpty()) {
        out.println("  no threshold: too few independent benign rows");
      }
    }
    for (SignalBaseline baseline : done.baselines()) {
      out.println(
          "  baseline "
              + baseline.id()
              + " of "
              + baseline.value()
              + ": "
              + baseline.baseline().count()
              + " values in "
              + baseline.baseline().shares().size()
              + " bins, stretches unlike the whole: "
              + baseline.baseline().regimes().size());
    }
    if (done.monitor() != null) {
      out.println("  monitor " + done.monitor().id() + ": " + methods(done));
    }
    out.flush();
  }

  private static void line(
      PrintWriter out, String name, Interval before, Interval after, int folds) {
    out.println(
        String.format(
            Locale.ROOT,
            "  %s %.4f [%.4f, %.4f] before, %.4f [%.4f, %.4f] after (crosswise, %d folds)",
            name,
            before.value(),
            before.low(),
            before.high(),
            after.value(),
            after.low(),
            after.high(),
            folds));
  }

  private static String words(Calibration calibration) {
    if (calibration instanceof Calibration.Temperature temperature) {
      return String.format(Locale.ROOT, "temperature %.4f", temperature.t());
    }
    if (calibration instanceof Calibration.Platt platt) {
      return String.format(Locale.ROOT, "platt %.4f · logit %+.4f", platt.a(), platt.b());
    }
    return calibration instanceof Calibration.Isotonic curve
        ? "isotonic, " + curve.points().size() + " points"
        : "not calibrated";
  }

  private static String words(Threshold threshold) {
    Threshold.Certificate certificate = threshold.certificate();
    return String.format(
        Locale.ROOT,
        "threshold %.6f for a false-positive rate of %s%s",
        threshold.score(),
        threshold.targetFpr(),
        certificate == null
            ? ""
            : String.format(
                Locale.ROOT,
                " by %d benign rows; 95 %% bound of this one: %.4f",
                certificate.n(),
                certificate.fprUpperBound()));
  }

  /** One JSON object. */
  public static String json(Calibrated done) {
    JsonObject root = new JsonObject();
    JsonObject pack = new JsonObject();
    pack.addProperty("name", done.pack().name());
    pack.addProperty("version", done.pack().version());
    pack.addProperty("digest", done.pack().digest());
    pack.addProperty("digest_before", done.before());
    root.add("pack", pack);
    CalibratedScores scores = done.scores();
    root.add("scores", scores == null ? null : json(scores));
    JsonArray baselines = new JsonArray();
    for (SignalBaseline baseline : done.baselines()) {
      JsonObject each = new JsonObject();
      each.addProperty("id", baseline.id());
      each.addProperty("signal", baseline.value().signal());
      each.addProperty("value", baseline.value().value());
      each.addProperty("count", baseline.baseline().count());
      each.addProperty("bins", baseline.baseline().shares().size());
      each.addProperty("regimes", baseline.baseline().regimes().size());
      baselines.add(each);
    }
    root.add("baselines", baselines);
    JsonObject skipped = new JsonObject();
    done.skipped().forEach(skipped::addProperty);
    root.add("without_baseline", skipped);
    root.addProperty("monitor", done.monitor() == null ? null : done.monitor().id());
    root.addProperty("methods", done.monitor() == null ? null : methods(done));
    return GSON.toJson(root);
  }

  private static JsonObject json(CalibratedScores scores) {
    JsonObject json = new JsonObject();
    json.addProperty("probe", scores.probe().id());
    json.addProperty("method", scores.method().toString());
    Calibration calibration = scores.probe().calibration();
    if (calibration instanceof Calibration.Temperature temperature) {
      json.addProperty("t", temperature.t());
    } else if (calibration instanceof Calibration.Platt platt) {
      json.addProperty("a", platt.a());
      json.addProperty("b", platt.b());
    } else if (calibration instanceof Calibration.Isotonic curve) {
      json.addProperty("points", curve.points().size());
    }
    json.addProperty("positive_rows", scores.positives());
    json.addProperty("other_rows", scores.benign());
    json.addProperty("excluded_seen_by_pack", scores.excluded());
    json.addProperty("excluded_without_reading", scores.silent());
    json.addProperty("crosswise_folds", scores.folds());
    interval(json, "ece_before", scores.eceBefore());
    interval(json, "ece", scores.eceAfter());
    interval(json, "brier_before", scores.brierBefore());
    interval(json, "brier", scores.brierAfter());
    JsonArray thresholds = new JsonArray();
    for (Threshold threshold : thresholds(scores)) {
      JsonObject each = new JsonObject();
      each.addProperty("score", threshold.score());
      each.addProperty("target_fpr", threshold.targetFpr());
      Threshold.Certificate certificate = threshold.certificate();
      if (certificate != null) {
        each.addProperty("n", certificate.n());
        each.addProperty("fpr_upper_bound", certificate.fprUpperBound());
      }
      thresholds.add(each);
    }
    json.add("thresholds", thresholds);
    return json;
  }

  private static void interval(JsonObject json, String name, Interval interval) {
    json.addProperty(name, interval.value());
    json.addProperty(name + "_low", interval.low());
    json.addProperty(name + "_high", interval.high());
  }

  private static List<Threshold> thresholds(CalibratedScores scores) {
    List<Threshold> thresholds = new ArrayList<>();
    if (scores.probe().threshold() != null) {
      thresholds.add(scores.probe().threshold());
    }
    thresholds.addAll(scores.others());
    return thresholds;
  }

  private static String methods(Calibrated done) {
    return done.monitor() == null
        ? ""
        : String.join(
            ",", done.monitor().methods().stream().map(DriftMethod::label).sorted().toList());
  }

  private CalibrationText() {}
}
