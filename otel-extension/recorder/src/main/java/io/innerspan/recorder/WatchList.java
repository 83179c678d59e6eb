package io.innerspan.recorder;

import io.innerspan.semconv.InnerspanAttributes;
import io.innerspan.signals.Reading;
import io.innerspan.signals.SaeFeatures;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;

/**
 * Records the features of a signal's watch list. Where the list does not fit on the span, features
 * that are active come first, in the list's order.
 */
final class WatchList {
  private final SaeFeatures sae;
  private final int signal;
  private final List<Series> series = new ArrayList<>();
  private final List<AttributeKey<Double>> keys = new ArrayList<>();

  WatchList(SaeFeatures sae, int signal, SignalInstruments instruments, Labels labels) {
    this.sae = sae;
    this.signal = signal;
    for (SaeFeatures.Watched each : sae.watched()) {
      series.add(
          new Series(instruments.featureActivation, labels.with(Keys.FEATURE_NAME, each.name())));
      keys.add(
          AttributeKey.doubleKey(
              InnerspanAttributes.featureActivation(sae.id() + "." + each.name())));
    }
  }

  void measure(Reading reading, Context context) {
    for (int i = 0; i < series.size(); i++) {
      for (int row = 0; row < reading.rows(); row++) {
        series.get(i).record(reading.value(row, signal, sae.watched(i)), context);
      }
    }
  }

  /** The activation of each feature, the largest over the rows; NaN where there is none. */
  double[] largest(Reading reading, int at) {
    double[] largest = new double[keys.size()];
    for (int i = 0; i < largest.length; i++) {
      largest[i] = largest(reading, at, sae.watched(i));
    }
    return largest;
  }

  /** Raises each of the largest activations so far to a later one. */
  static void raise(double[] largest, double[] later) {
    for (int i = 0; i < largest.length; i++) {
      if (!(largest[i] >= later[i]) && !Double.isNaN(later[i])) {
        largest[i] = later[i];
      }
    }
  }

  void write(double[] largest, SpanRoom room) {
    boolean all = room.take(largest.length);
    for (int i = 0; i < largest.length; i++) {
      if (all) {
        room.set(keys.get(i), largest[i]);
      } else if (largest[i] > 0 && room.take(1)) {
        room.set(keys.get(i), largest[i]);
      } else {
        room.omit(signal);
      }
    }
  }

  private static double largest(Reading reading, int at, int column) {
    double largest = Double.NaN;
    for (int row = 0; row < reading.rows(); row++) {
      double value = reading.value(row, at, column);
      if (!(largest >= value) && !Double.isNaN(value)) {
        largest = value;
      }
    }
    return largest;
  }
}
