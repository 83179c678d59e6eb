package io.opentelemetry.javaagent.innerspan.bridge;

/**
 * One call of a predictor under way: an inference with what the application does before and after
 * the engine's work. In one thread at a time; never throws.
 *
 * <p>An inference that the engine's own instrumentation tells of in this thread during {@link
 * Phase#FORWARD} is the same inference: it has no span of its own, and its readings come here.
 */
public interface Prediction extends Inference {
  /** What a prediction does. */
  enum Phase {
    /** The application's inputs become tensors. */
    PREPROCESS,
    /** The engine works. */
    FORWARD,
    /** Tensors become the application's outputs. */
    POSTPROCESS
  }

  /** Another phase begins in this thread, which ends the one before. */
  void phase(Phase next);

  /** The phase under way is over, and none follows yet. */
  void phaseEnded();

  /**
   * The engine's work gave a reading. All readings of a prediction that have the same columns are
   * recorded as one batch, in their order, when it ends.
   *
   * @param reading {@code rows × columns} values, row by row, which must not change afterwards
   * @param rows the number of rows in {@code reading}
   */
  void read(float[] reading, int rows);

  /**
   * The engine has worked, whether or not that gave a reading; called for models that are read.
   *
   * @param elements the elements of its first input, by which the work is comparable
   * @param nanos how long that took
   */
  void worked(long elements, long nanos);

  /** The prediction leaves this thread: its span is not current any more. */
  void pause();

  /** The prediction continues in this thread: its span is current again. */
  void resume();

  /**
   * Nobody will continue the prediction since it was last paused: it ended then. Called by any
   * thread, once at most, and not after {@link #end}.
   */
  void abandoned();
}
