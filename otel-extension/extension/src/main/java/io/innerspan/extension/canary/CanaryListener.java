package io.innerspan.extension.canary;

import io.innerspan.extension.canary.CanarySuite.OfPack;
import io.innerspan.semconv.CanaryReference;
import io.innerspan.signals.pack.GoldenReading.Deviation;

/** Told what becomes of a model's canaries, by the thread that replays them. */
interface CanaryListener {
  /** A canary was replayed, and all its readings are where they were. */
  void agreed(OfPack canary);

  /**
   * A reading was compared.
   *
   * @param reference with what
   */
  void compared(OfPack canary, CanaryReference reference, Deviation deviation);

  /**
   * A canary was replayed, and a reading of it has moved.
   *
   * @param reference what it has moved from
   * @param again whether it had moved already when it was last replayed
   */
  void moved(OfPack canary, CanaryReference reference, Deviation deviation, boolean again);

  /**
   * The session does not take a canary.
   *
   * @param again whether it did not when it was last replayed
   */
  void failed(OfPack canary, String detail, boolean again);
}
