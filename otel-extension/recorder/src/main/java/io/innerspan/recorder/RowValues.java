package io.innerspan.recorder;

import io.innerspan.signals.Reading;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Several columns of a row as the value of an attribute; null when one of them is absent. */
final class RowValues {
  static @Nullable List<Double> numbers(
      Reading reading, int row, int signal, int count, IntUnaryOperator column) {
    Double[] values = new Double[count];
    for (int i = 0; i < count; i++) {
      double value = reading.value(row, signal, column.applyAsInt(i));
      if (Double.isNaN(value)) {
        return null;
      }
      values[i] = value;
    }
    return Arrays.asList(values);
  }

  static @Nullable List<Long> indices(
      Reading reading, int row, int signal, int count, IntUnaryOperator column) {
    Long[] values = new Long[count];
    for (int i = 0; i < count; i++) {
      double value = reading.value(row, signal, column.applyAsInt(i));
      if (Double.isNaN(value)) {
        return null;
      }
      values[i] = (long) value;
    }
    return Arrays.asList(values);
  }

  private RowValues() {}
}
