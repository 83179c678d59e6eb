package io.innerspan.recorder;

/**
 * What is recorded.
 *
 * @param spans a span for each inference, with its scores
 * @param metrics histograms and counters
 * @param events an event for each crossing of a threshold
 */
public record RecorderSettings(boolean spans, boolean metrics, boolean events) {
  /** Everything, which is the default. */
  public static RecorderSettings all() {
    return new RecorderSettings(true, true, true);
  }
}
