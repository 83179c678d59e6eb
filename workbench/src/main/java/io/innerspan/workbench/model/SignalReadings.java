package io.innerspan.workbench.model;

import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import java.util.List;

/**
 * What a live session with signals in it read of texts, in the order of the texts.
 *
 * @param layout what the columns mean
 * @param texts a reading of one row for each text
 */
public record SignalReadings(ReadingLayout layout, List<Reading> texts) {
  public SignalReadings {
    texts = List.copyOf(texts);
  }
}
