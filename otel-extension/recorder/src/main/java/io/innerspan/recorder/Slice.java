package io.innerspan.recorder;

import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import java.util.Arrays;
import java.util.List;

/** Cuts some signals out of readings, so that no more than these need be kept. Immutable. */
final class Slice {
  private final int[] signals;
  private final ReadingLayout layout;

  /**
   * @param whole the layout of the readings
   * @param signals places in it, each once; they are the slice's signals 0, 1, …
   */
  Slice(ReadingLayout whole, int... signals) {
    List<Signal> cut = Arrays.stream(signals).mapToObj(whole::signal).toList();
    this.signals = signals.clone();
    this.layout = new ReadingLayout(cut);
  }

  /** A copy of the signals' values; what is absent stays absent. */
  Reading cut(Reading reading) {
    float[] values = new float[reading.rows() * layout.columns()];
    int next = 0;
    for (int row = 0; row < reading.rows(); row++) {
      for (int i = 0; i < signals.length; i++) {
        for (int column = 0; column < layout.width(i); column++) {
          values[next++] = (float) reading.value(row, signals[i], column);
        }
      }
      values[next++] = reading.tokens(row);
    }
    return new Reading(layout, values, reading.rows());
  }
}
