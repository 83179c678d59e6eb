package io.innerspan.signals.drift;

import io.innerspan.signals.InvalidValueException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is compared with what. Immutable.
 *
 * @param baselines of each watched signal, at least one
 * @param methods at least one
 * @param windowCount a window ends after so many rows; 0 without such an end
 * @param windowNanos a window ends after so long; 0 without such an end
 * @param fewest a window with fewer rows goes on
 * @param correlation of the signals, for {@link DriftMethod#MAHALANOBIS}
 * @param allowance of false findings, for each signal
 */
public record DriftPlan(
    List<Baseline> baselines,
    Set<DriftMethod> methods,
    long windowCount,
    long windowNanos,
    long fewest,
    @Nullable Correlation correlation,
    Allowance allowance) {
  public DriftPlan {
    baselines = List.copyOf(baselines);
    methods = Set.copyOf(methods);
    if (baselines.isEmpty()) {
      throw new InvalidValueException("baselines", "at least 1", "0");
    }
    if (methods.isEmpty()) {
      throw new InvalidValueException("methods", "at least 1", "0");
    }
    boolean joint = methods.contains(DriftMethod.MAHALANOBIS);
    if (joint && (correlation == null || correlation.size() != baselines.size())) {
      throw new InvalidValueException(
          "correlation",
          "a row for each of the " + baselines.size() + " signals",
          correlation == null ? "nothing" : correlation.size() + " rows");
    }
    if (!joint && correlation != null) {
      throw new InvalidValueException("correlation", "mahalanobis among the methods", "not");
    }
  }

  /** Whether any method looks at windows. */
  boolean hasWindows() {
    return methods.stream().anyMatch(method -> method != DriftMethod.CUSUM);
  }
}
