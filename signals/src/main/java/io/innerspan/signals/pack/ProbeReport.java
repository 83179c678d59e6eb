package io.innerspan.signals.pack;

import io.innerspan.signals.Threshold;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of a probe beyond what runs. Immutable.
 *
 * @param otherThresholds thresholds for other target rates than that of the probe's own
 * @param metrics the probe on held-out data, by name such as {@code auroc}
 * @param baselines simpler methods on the same data, by name such as {@code length_only_auroc}
 */
public record ProbeReport(
    List<Threshold> otherThresholds, Map<String, Metric> metrics, Map<String, Metric> baselines) {
  /** Nothing is known. */
  public static final ProbeReport EMPTY = new ProbeReport(List.of(), Map.of(), Map.of());

  public ProbeReport {
    otherThresholds = List.copyOf(otherThresholds);
    metrics = sorted("metrics", metrics);
    baselines = sorted("baselines", baselines);
  }

  static Map<String, Metric> sorted(String what, Map<String, Metric> metrics) {
    metrics.keySet().forEach(name -> Formats.check(what, Formats.METRIC, name));
    return Collections.unmodifiableMap(new TreeMap<>(metrics));
  }
}
