package io.innerspan.testing;

import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.util.List;
import java.util.Map;

/**
 * One metric of one export as it came over OTLP; a periodic exporter sends it again and again.
 *
 * @param proto the metric itself
 * @param scope the name of the instrumentation scope
 * @param resource the attributes of the resource
 */
public record ReceivedMetric(Metric proto, String scope, Map<String, Object> resource) {
  public String name() {
    return proto.getName();
  }

  public String unit() {
    return proto.getUnit();
  }

  /** The points of a histogram; none for another kind of metric. */
  public List<HistogramDataPoint> histogramPoints() {
    return proto.getHistogram().getDataPointsList();
  }

  /** The points of a counter or gauge; none for another kind of metric. */
  public List<NumberDataPoint> numberPoints() {
    return proto.hasSum()
        ? proto.getSum().getDataPointsList()
        : proto.getGauge().getDataPointsList();
  }

  @Override
  public String toString() {
    return name() + " [" + unit() + "] " + proto.getDataCase();
  }
}
