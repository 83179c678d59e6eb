package io.innerspan.recorder;

/**
 * What is recorded.
 *
 * @param spans a span for each inference, with its scores
 * @param metrics histograms and counters
 * @param events an event for each crossing of a threshold
 * @param attentionHeads whether each attention head has time series of its own
 * @param phases whether a prediction's span has a child for each of its phases
 * @param cohorts by what the traffic is sliced
 * @param runbooks where those of findings are whose monitors name none
 */
public record RecorderSettings(
    boolean spans,
    boolean metrics,
    boolean events,
    boolean attentionHeads,
    boolean phases,
    CohortSettings cohorts,
    Runbooks runbooks) {
  /** Findings of monitors that name no runbook have none. */
  public RecorderSettings(
      boolean spans,
      boolean metrics,
      boolean events,
      boolean attentionHeads,
      boolean phases,
      CohortSettings cohorts) {
    this(spans, metrics, events, attentionHeads, phases, cohorts, Runbooks.NONE);
  }

  /** The traffic is not sliced. */
  public RecorderSettings(
      boolean spans, boolean metrics, boolean events, boolean attentionHeads, boolean phases) {
    this(spans, metrics, events, attentionHeads, phases, CohortSettings.NONE);
  }

  /** A prediction's span has no children of ours. */
  public RecorderSettings(boolean spans, boolean metrics, boolean events, boolean attentionHeads) {
    this(spans, metrics, events, attentionHeads, false);
  }

  /** Attention heads share the time series of their layer. */
  public RecorderSettings(boolean spans, boolean metrics, boolean events) {
    this(spans, metrics, events, false, false);
  }

  /** The default: everything, with attention heads in the time series of their layer. */
  public static RecorderSettings all() {
    return new RecorderSettings(true, true, true);
  }
}
