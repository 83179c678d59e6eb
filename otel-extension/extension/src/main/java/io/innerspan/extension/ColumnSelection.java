package io.innerspan.extension;

import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Some columns of a reading: those of packs that proved themselves. */
final class ColumnSelection {
  private final ReadingLayout whole;
  private final ReadingLayout selected;
  private final int[] columns;

  ColumnSelection(ReadingLayout whole, Set<String> signalIds) {
    this.whole = whole;
    List<Signal> signals = new ArrayList<>();
    List<Integer> gates = new ArrayList<>();
    IntStream.Builder kept = IntStream.builder();
    for (int i = 0; i < whole.size(); i++) {
      if (signalIds.contains(whole.signal(i).id())) {
        signals.add(whole.signal(i));
        gates.add(whole.gate(i));
        for (int column = 0; column < whole.width(i); column++) {
          kept.add(whole.firstColumn(i) + column);
        }
      }
    }
    kept.add(whole.tokensColumn());
    this.selected = new ReadingLayout(signals, gates, whole.standingGates());
    this.columns = kept.build().toArray();
  }

  ReadingLayout layout() {
    return selected;
  }

  /** Whether every column is selected. */
  boolean isWhole() {
    return columns.length == whole.columns();
  }

  float @Nullable [] apply(float @Nullable [] reading, int rows) {
    if (reading == null || isWhole()) {
      return reading;
    }
    float[] kept = new float[rows * columns.length];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < columns.length; i++) {
        kept[row * columns.length + i] = reading[row * whole.columns() + columns[i]];
      }
    }
    return kept;
  }
}
