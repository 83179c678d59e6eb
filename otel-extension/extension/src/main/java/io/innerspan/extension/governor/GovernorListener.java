package io.innerspan.extension.governor;

import java.util.List;

/** Told what a governor does; must not throw. */
public interface GovernorListener {
  /** Why signals are not computed. */
  enum Reason {
    /** All signals together would cost more than the budget; the dearest goes first. */
    BUDGET,
    /** The heap is nearly full even after a garbage collection. */
    HEAP,
    /** Garbage collection takes a large part of the time. */
    GC
  }

  /**
   * Signals are computed for fewer inferences from now on.
   *
   * @param gate the gate, or −1 for all of them
   * @param signals the signals behind it
   * @param rate the share of inferences for which they still are, from 0 to 1
   */
  void shed(int gate, List<String> signals, Reason reason, double rate);

  /**
   * Signals are computed as often as before again.
   *
   * @param gate the gate, or −1 for all of them
   */
  void restored(int gate, List<String> signals);

  /**
   * The cost of a gate was measured anew.
   *
   * @param cost what an inference takes longer with it, as a share of the inference without it
   */
  void measured(int gate, List<String> signals, double cost);
}
