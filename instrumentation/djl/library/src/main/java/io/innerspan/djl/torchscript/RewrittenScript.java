package io.innerspan.djl.torchscript;

import io.innerspan.djl.SignalRefusal;
import io.innerspan.djl.golden.InputNames;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import java.util.List;
import java.util.Map;

/**
 * What a rewritten archive computes beside its model. Immutable.
 *
 * @param layout which columns of a reading belong to which signal
 * @param refusals by signal id, why a signal has no columns
 * @param weights of the signals, which each call gets
 * @param units by their number, the signals that are computed together
 * @param inputs how the parameters of forward are called
 * @param repeatable whether the model can run twice on the same inputs without anybody noticing
 * @param random whether it may draw random numbers, of which a process has one source
 */
@SuppressWarnings("ArrayRecordComponent")
public record RewrittenScript(
    ReadingLayout layout,
    Map<String, SignalRefusal> refusals,
    float[] weights,
    List<List<Signal>> units,
    InputNames inputs,
    boolean repeatable,
    boolean random) {
  public RewrittenScript {
    refusals = Map.copyOf(refusals);
    weights = weights.clone();
    units = units.stream().map(List::copyOf).toList();
  }

  /** Whether nothing was rewritten: every signal was refused. */
  public boolean isEmpty() {
    return units.isEmpty();
  }
}
