package io.innerspan.workbench.calibrate;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Reading;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Signal;
import io.innerspan.signals.drift.Allowance;
import io.innerspan.signals.drift.Baseline;
import io.innerspan.signals.drift.Correlation;
import io.innerspan.signals.drift.DriftDetector;
import io.innerspan.signals.drift.DriftMethod;
import io.innerspan.signals.drift.DriftPlan;
import io.innerspan.signals.monitor.DriftMonitor;
import io.innerspan.signals.monitor.Rule;
import io.innerspan.signals.monitor.SignalBaseline;
import io.innerspan.signals.monitor.Watched;
import io.innerspan.signals.monitor.Window;
import io.innerspan.workbench.calibrate.CalibrateOptions.Traffic;
import io.innerspan.workbench.data.BadInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Makes baselines of readings, and the drift monitor that watches them. */
final class BaselineMaker {
  private static final int LONGEST_ID = 64;

  private final Traffic options;
  private final String model;
  private final Map<String, String> skipped = new LinkedHashMap<>();
  private final List<SignalBaseline> baselines = new ArrayList<>();
  private final List<double[]> values = new ArrayList<>();

  /**
   * @param model the SHA-256 of the model that gave the readings
   */
  BaselineMaker(Traffic options, String model) {
    this.options = options;
    this.model = model;
  }

  /**
   * Makes the baselines.
   *
   * @param readings of one row each, in the order in which they came
   */
  void read(List<Signal> signals, List<Reading> readings) {
    boolean chosen = !options.values().isEmpty();
    for (Watched watched : chosen ? named(signals) : usual(signals)) {
      double[] found =
          readings.stream()
              .mapToDouble(reading -> watched.of(reading, 0))
              .filter(Double::isFinite)
              .toArray();
      try {
        Baseline baseline = Baseline.of(found);
        baselines.add(new SignalBaseline(id(watched), watched, model, baseline));
        values.add(found);
      } catch (InvalidValueException e) {
        if (chosen || found.length < Baseline.MIN_COUNT) {
          throw BadInput.in(
              options.data(), e.expected() + " of '" + watched + "'", String.valueOf(e.actual()));
        }
        skipped.put(watched.toString(), e.actual());
      }
    }
    if (baselines.isEmpty()) {
      throw BadInput.in(
          options.data(), "values that vary of a signal of the pack", "only " + skipped);
    }
  }

  /** The baselines, in the order of the signals. */
  List<SignalBaseline> baselines() {
    return List.copyOf(baselines);
  }

  /** Values without a baseline, because they do not vary, with what they are. */
  Map<String, String> skipped() {
    return skipped;
  }

  /** The baselines that are too short for any chart: the monitor's charts would find nothing. */
  List<String> withoutCharts() {
    if (!options.methods().contains(DriftMethod.CUSUM)) {
      return List.of();
    }
    return baselines.stream()
        .filter(each -> charts(each.baseline()).isEmpty())
        .map(SignalBaseline::id)
        .toList();
  }

  private static List<String> charts(Baseline baseline) {
    return new DriftDetector(
            new DriftPlan(
                List.of(baseline),
                Set.of(DriftMethod.CUSUM),
                DriftMonitor.DEFAULT_WINDOW.count(),
                0,
                1,
                null,
                Allowance.DEFAULT))
        .charts(0);
  }

  /** The monitor over all baselines. */
  DriftMonitor monitor() {
    List<String> ids = baselines.stream().map(SignalBaseline::id).toList();
    try {
      return new DriftMonitor(
          new Rule(options.monitor(), options.severity()),
          ids,
          options.methods(),
          Window.ofCount(options.window()),
          options.methods().contains(DriftMethod.MAHALANOBIS) ? correlation() : null,
          Allowance.DEFAULT.falsePerWeek(),
          DriftMonitor.DEFAULT_READINGS_PER_SECOND);
    } catch (InvalidValueException e) {
      throw BadInput.in(options.data(), e.expected() + " for the monitor", "" + e.actual());
    }
  }

  private Correlation correlation() {
    int count = values.get(0).length;
    for (double[] each : values) {
      if (each.length != count) {
        throw BadInput.in(
            options.data(), "readings of all values together for mahalanobis", "some without one");
      }
    }
    return Correlation.of(values, baselines.stream().map(SignalBaseline::baseline).toList());
  }

  /** Of probes the logit, which no later calibration changes; of others the first value. */
  private static List<Watched> usual(List<Signal> signals) {
    List<Watched> usual = new ArrayList<>();
    for (Signal signal : signals) {
      boolean ranks = signal instanceof SaeFeatures || signal instanceof LayerLens;
      if (!ranks) {
        usual.add(new Watched(signal.id(), signal instanceof Probe ? "logit" : null));
      }
    }
    return usual;
  }

  private List<Watched> named(List<Signal> signals) {
    List<Watched> named = new ArrayList<>();
    for (String name : options.values()) {
      int dot = name.indexOf('.');
      String id = dot < 0 ? name : name.substring(0, dot);
      String value = dot < 0 ? null : name.substring(dot + 1);
      Signal of =
          signals.stream().filter(signal -> signal.id().equals(id)).findFirst().orElse(null);
      if (of == null) {
        throw new BadInput(
            "--baseline: expected one of the signals "
                + signals.stream().map(Signal::id).toList()
                + ", found '"
                + id
                + "'");
      }
      if (value != null && !Watched.names(of).contains(value)) {
        throw new BadInput(
            "--baseline: expected one of "
                + Watched.names(of)
                + " of '"
                + id
                + "', found '"
                + value
                + "'");
      }
      named.add(new Watched(id, value));
    }
    return named;
  }

  private static String id(Watched watched) {
    String id = watched.toString().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    return id.substring(0, Math.min(LONGEST_ID, id.length()));
  }
}
