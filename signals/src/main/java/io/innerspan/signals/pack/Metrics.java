package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Metrics by name in a manifest. */
final class Metrics {
  static Map<String, Metric> read(String name, Fields parent, Tidy tidy) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    if (parent.has(name)) {
      parent
          .map(name)
          .forEach(
              (metric, fields) -> {
                Formats.check(parent.at(name), Formats.METRIC, metric);
                metrics.put(metric, fields.build(() -> metric(fields)));
                tidy.check(fields);
              });
    }
    return metrics;
  }

  static void write(String name, Map<String, Metric> metrics, JsonWriter json) throws IOException {
    json.name(name).beginObject();
    for (Map.Entry<String, Metric> metric : metrics.entrySet()) {
      json.name(metric.getKey()).beginObject();
      json.name("value").value(Numbers.json(metric.getValue().value()));
      json.name("low").value(Numbers.json(metric.getValue().low()));
      json.name("high").value(Numbers.json(metric.getValue().high()));
      json.endObject();
    }
    json.endObject();
  }

  private static Metric metric(Fields fields) {
    return new Metric(fields.number("value"), fields.number("low"), fields.number("high"));
  }

  private Metrics() {}
}
