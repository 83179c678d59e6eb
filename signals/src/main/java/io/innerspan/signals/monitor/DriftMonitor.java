package io.innerspan.signals.monitor;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.drift.Allowance;
import io.innerspan.signals.drift.Correlation;
import io.innerspan.signals.drift.DriftMethod;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds that values are not distributed any more as in their baselines.
 *
 * @param rule of the findings
 * @param baselines their ids; each says which value it is of
 * @param methods how drift is looked for
 * @param window for all methods but {@link DriftMethod#CUSUM}
 * @param correlation of the values in the baselines' order, for {@link DriftMethod#MAHALANOBIS}
 * @param falsePerWeek the expected number of false findings per week and value, in (0, 1]
 * @param readingsPerSecond how many readings the false findings are counted on, above 0
 */
public record DriftMonitor(
    Rule rule,
    List<String> baselines,
    Set<DriftMethod> methods,
    Window window,
    @Nullable Correlation correlation,
    double falsePerWeek,
    double readingsPerSecond)
    implements Monitor {
  /** The window when none is given. */
  public static final Window DEFAULT_WINDOW = Window.ofCount(2000);

  /** The rate of readings when none is given. */
  public static final double DEFAULT_READINGS_PER_SECOND = 10;

  private static final int MAX_BASELINES = 4096;
  private static final double MAX_RATE = 1e6;

  public DriftMonitor {
    baselines = List.copyOf(baselines);
    methods = Set.copyOf(methods);
    MonitorChecks.size("baselines", baselines, 1, MAX_BASELINES);
    if (new HashSet<>(baselines).size() != baselines.size()) {
      throw new InvalidValueException("baselines", "each id once", baselines);
    }
    if (methods.isEmpty()) {
      throw new InvalidValueException("methods", "at least 1", "0");
    }
    boolean joint = methods.contains(DriftMethod.MAHALANOBIS);
    if (joint != (correlation != null)) {
      throw new InvalidValueException(
          "correlation",
          joint ? "a row for each baseline" : "mahalanobis among the methods",
          joint ? "nothing" : new TreeSet<>(methods));
    }
    if (correlation != null && correlation.rows().size() != baselines.size()) {
      throw new InvalidValueException(
          "correlation", baselines.size() + " rows", correlation.rows().size());
    }
    MonitorChecks.within("readings_per_second", readingsPerSecond, 1e-6, MAX_RATE);
    allowance(falsePerWeek, readingsPerSecond);
  }

  /** Charts only, with the default allowance of false findings. */
  public DriftMonitor(Rule rule, List<String> baselines) {
    this(
        rule,
        baselines,
        Set.of(DriftMethod.CUSUM),
        DEFAULT_WINDOW,
        null,
        Allowance.DEFAULT.falsePerWeek(),
        DEFAULT_READINGS_PER_SECOND);
  }

  @Override
  public FindingKind kind() {
    return FindingKind.DRIFT;
  }

  @Override
  public List<Watched> watched() {
    return List.of();
  }

  /** How many false findings are allowed for each value. */
  Allowance allowance() {
    return allowance(falsePerWeek, readingsPerSecond);
  }

  private static Allowance allowance(double falsePerWeek, double readingsPerSecond) {
    return new Allowance(falsePerWeek, 1).atRate(readingsPerSecond);
  }
}
