package io.innerspan.djl;

import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import java.util.Map;

/**
 * What one inference gave beside its outputs.
 *
 * @param values {@code rows × layout.columns()}, as a {@link Reading} takes them
 * @param rows the rows of the batch
 * @param openGates the gates that were open
 * @param refusals by signal id, why it has no value although its gate was open: its activation was
 *     not there, or had another shape; mostly empty
 */
@SuppressWarnings("ArrayRecordComponent")
public record CapturedReading(
    float[] values, int rows, long openGates, Map<String, SignalRefusal> refusals) {
  public CapturedReading {
    refusals = Map.copyOf(refusals);
  }

  /** The reading. */
  public Reading reading(ReadingLayout layout) {
    return new Reading(layout, values, rows, openGates);
  }
}
