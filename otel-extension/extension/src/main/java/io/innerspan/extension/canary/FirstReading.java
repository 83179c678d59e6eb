package io.innerspan.extension.canary;

import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.GoldenReading.Deviation;
import io.innerspan.signals.reference.Tolerance;
import io.opentelemetry.javaagent.innerspan.bridge.LiveModel.LiveReading;
import java.util.Set;

/**
 * What a session gave for a canary when it was first replayed. A session that is certified repeats
 * its own bits, so that less is allowed here than from one machine to another.
 */
record FirstReading(LiveReading reading) {

  /**
   * The largest deviation of a later reading, in units of what is allowed.
   *
   * @param signals the ids of those that are compared
   */
  Deviation deviation(ReadingLayout layout, Set<String> signals, LiveReading later) {
    if (later.rows() != reading.rows()) {
      return new Deviation(null, Double.POSITIVE_INFINITY, "rows", reading.rows(), later.rows());
    }
    Deviation largest = Deviation.NONE;
    for (int index = 0; index < layout.size(); index++) {
      Signal signal = layout.signal(index);
      if (!signals.contains(signal.id())) {
        continue;
      }
      for (int row = 0; row < reading.rows(); row++) {
        for (int column = 0; column < signal.columnNames().size(); column++) {
          int at = row * layout.columns() + layout.firstColumn(index) + column;
          float before = reading.values()[at];
          float now = later.values()[at];
          double size = size(before, now);
          if (size > largest.size()) {
            String where = signal.id() + ", row " + row + ", " + signal.columnNames().get(column);
            largest = new Deviation(signal.id(), size, where, before, now);
          }
        }
      }
    }
    return largest;
  }

  private static double size(float before, float now) {
    if (Float.compare(before, now) == 0) {
      return 0;
    }
    double size = Math.abs((double) now - before) / Tolerance.FP32.allowed(before);
    return Double.isNaN(size) ? Double.POSITIVE_INFINITY : size;
  }
}
