package io.innerspan.extension;

/** Decides for which inferences the signals behind gates are computed. Thread-safe. */
interface GateControl {
  /** Every signal for every inference. */
  GateControl ALL_OPEN = elements -> -1;

  /**
   * The bits of the gates that shall be open for the inference that begins now.
   *
   * @param elements the size of its first input, by which inferences are comparable
   */
  long open(long elements);
}
