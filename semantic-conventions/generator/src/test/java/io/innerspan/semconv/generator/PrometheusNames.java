package io.innerspan.semconv.generator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Prometheus calls the registry's metrics and attributes, in the translation that
 * collector-config/backends/prometheus.yaml sets: underscores for dots, unit and type as suffixes.
 *
 * <p>Source: OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility", and the
 * collector's exporter, whose output collector-config/test.sh compares with this.
 */
final class PrometheusNames {
  private final Map<String, Set<String>> labels = new LinkedHashMap<>();

  PrometheusNames(List<MetricDefinition> metrics) {
    for (MetricDefinition metric : metrics) {
      Set<String> of =
          metric.attributes().stream()
              .map(attribute -> underscored(attribute.key()))
              .collect(Collectors.toSet());
      for (String name : names(metric.name(), metric.instrument(), metric.unit())) {
        labels.put(name, of);
      }
    }
  }

  static List<String> names(String metric, String instrument, String unit) {
    String name = underscored(metric) + unitSuffix(instrument, unit);
    return switch (instrument) {
      case "counter" -> List.of(name + "_total");
      case "histogram" -> List.of(name + "_bucket", name + "_count", name + "_sum");
      default -> List.of(name);
    };
  }

  private static String unitSuffix(String instrument, String unit) {
    return switch (unit) {
      case "s" -> "_seconds";
      case "By" -> "_bytes";
      case "1" -> instrument.equals("gauge") ? "_ratio" : "";
      default -> {
        if (unit.startsWith("{") && unit.endsWith("}")) {
          yield "";
        }
        throw new IllegalArgumentException("unit: expected s, By, 1 or {…}, found " + unit);
      }
    };
  }

  static String underscored(String name) {
    return name.replace('.', '_');
  }

  boolean has(String name) {
    return labels.containsKey(name);
  }

  Stream<String> all() {
    return labels.keySet().stream();
  }

  /** The labels that attributes of a metric become. */
  Set<String> labels(String name) {
    return labels.getOrDefault(name, Set.of());
  }

  /** The labels of all metrics. */
  Set<String> labels() {
    return labels.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
  }
}
