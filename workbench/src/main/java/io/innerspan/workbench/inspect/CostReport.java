package io.innerspan.workbench.inspect;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the possible kinds of signals cost on this machine.
 *
 * @param left why nothing was measured, or null
 * @param inputs what the model was fed, as {@code input_ids [1, 128]}, or null
 * @param milliseconds the median time of the plain model, or NaN
 * @param noise what the model costs beside itself, or null: no difference below it means anything
 * @param costs by kind; a kind that could not be measured is in {@code failures}
 * @param failures why a kind could not be measured
 */
public record CostReport(
    @Nullable String left,
    @Nullable String inputs,
    double milliseconds,
    @Nullable SignalCost noise,
    Map<SignalKind, SignalCost> costs,
    Map<SignalKind, String> failures) {
  public CostReport {
    costs = copy(costs);
    failures = copy(failures);
  }

  /** Nothing was measured. */
  public static CostReport without(String why) {
    return new CostReport(why, null, Double.NaN, null, Map.of(), Map.of());
  }

  private static <T> Map<SignalKind, T> copy(Map<SignalKind, T> map) {
    Map<SignalKind, T> copy = new EnumMap<>(SignalKind.class);
    copy.putAll(map);
    return Collections.unmodifiableMap(copy);
  }
}
