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
   * Signals are not computed from now on.
   *
   * @param gate the gate, or −1 for all of them
   * @param signals the signals behind it
   */
  void shed(int gate, List<String> signals, Reason reason);

  /** Signals are computed again from now on, at the sampling rate. */
  void restored(int gate, List<String> signals);

  /**
   * The cost of a gate was measured anew.
   *
   * @param cost what an inference takes longer with it, as a share of the inference without it
   */
  void measured(int gate, List<String> signals, double cost);
}
