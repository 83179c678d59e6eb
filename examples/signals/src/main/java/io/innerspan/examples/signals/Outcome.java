package io.innerspan.examples.signals;

import io.innerspan.signals.Signal;
import io.innerspan.testing.ReceivedMetric;
import io.innerspan.testing.ReceivedSpan;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What came of a model.
 *
 * @param showcase the model
 * @param span the inference with the most values, or null when none came
 * @param metrics the mean of a histogram's series, by its name and the signal's id
 * @param missing what was expected and did not come
 */
record Outcome(
    Showcase showcase,
    @Nullable ReceivedSpan span,
    Map<String, Double> metrics,
    List<String> missing) {

  static Outcome of(Showcase showcase, List<ReceivedSpan> spans, List<ReceivedMetric> received) {
    ReceivedSpan span =
        spans.stream()
            .filter(each -> ("sha256:" + showcase.sha256()).equals(each.attribute("artifact.hash")))
            .max(Comparator.comparingInt(each -> each.attributes().size()))
            .orElse(null);
    Map<String, Double> metrics = new TreeMap<>();
    List<String> missing = new ArrayList<>();
    for (Signal signal : showcase.signals()) {
      Expectation expectation = Expectation.of(signal);
      for (String attribute : expectation.attributes()) {
        if (span == null || span.attribute(attribute) == null) {
          missing.add(attribute);
        }
      }
      for (String metric : expectation.metrics()) {
        Double mean = mean(received, metric, signal.id());
        if (mean == null) {
          missing.add(metric + " of " + signal.id());
        } else {
          metrics.put(metric + " " + signal.id(), mean);
        }
      }
    }
    return new Outcome(showcase, span, metrics, List.copyOf(missing));
  }

  /** Of the last export; the exporter sends the same series again and again. */
  private static @Nullable Double mean(List<ReceivedMetric> received, String name, String signal) {
    Double mean = null;
    for (ReceivedMetric metric : received) {
      if (metric.name().equals(name)) {
        for (HistogramDataPoint point : metric.histogramPoints()) {
          if (point.getCount() > 0 && isOf(point.getAttributesList(), signal)) {
            mean = point.getSum() / point.getCount();
          }
        }
      }
    }
    return mean;
  }

  private static boolean isOf(List<KeyValue> attributes, String signal) {
    return attributes.stream()
        .anyMatch(
            attribute ->
                attribute.getKey().equals("innerspan.signal.id")
                    && attribute.getValue().getStringValue().equals(signal));
  }
}
