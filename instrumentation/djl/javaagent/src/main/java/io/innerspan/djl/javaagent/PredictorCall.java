package io.innerspan.djl.javaagent;

import ai.djl.inference.Predictor;
import ai.djl.nn.Block;
import ai.djl.translate.TranslateException;
import io.opentelemetry.javaagent.innerspan.bridge.Prediction;
import io.opentelemetry.javaagent.innerspan.bridge.Prediction.Phase;
import org.jspecify.annotations.Nullable;

/** One call of a predictor under way, in the thread of its caller. */
final class PredictorCall {
  private final Predictor<?, ?> predictor;
  private final @Nullable Block block;
  private final Prediction prediction;
  private final @Nullable PredictorCall outer;
  private int awaitedOutputs;
  private int forwardDepth;
  private boolean streams;

  /**
   * @param inputs how many the application gave
   * @param outer the call of another predictor that this one is made in, or null
   */
  PredictorCall(
      Predictor<?, ?> predictor,
      @Nullable Block block,
      Prediction prediction,
      int inputs,
      @Nullable PredictorCall outer) {
    this.predictor = predictor;
    this.block = block;
    this.prediction = prediction;
    this.awaitedOutputs = inputs;
    this.outer = outer;
    prediction.phase(Phase.PREPROCESS);
  }

  boolean isOf(Predictor<?, ?> other) {
    return predictor == other;
  }

  @Nullable PredictorCall outer() {
    return outer;
  }

  /** The prediction while the engine works. */
  @Nullable Prediction inForward() {
    return forwardDepth > 0 ? prediction : null;
  }

  /** A method that runs the block begins; one that overrides another may call it. */
  void forwardBegins() {
    if (forwardDepth++ == 0) {
      prediction.phase(Phase.FORWARD);
    }
  }

  void forwardEnds(@Nullable Throwable failure) {
    if (--forwardDepth == 0 && failure == null) {
      prediction.phase(Phase.POSTPROCESS);
    }
  }

  void outputsMade(int outputs) {
    awaitedOutputs -= outputs;
    if (awaitedOutputs > 0) {
      prediction.phase(Phase.PREPROCESS);
    } else {
      prediction.phaseEnded();
    }
  }

  /** Whether the outputs of a block are those of this call, and are not observed yet. */
  boolean streams(Block streaming) {
    if (streaming != block || streams) {
      return false;
    }
    streams = true;
    prediction.phase(Phase.FORWARD);
    return true;
  }

  Prediction prediction() {
    return prediction;
  }

  /** The call is over; its stream, if it has one, is about to begin. */
  void end(@Nullable Throwable failure) {
    if (streams && failure == null) {
      prediction.pause();
    } else {
      prediction.end(null, 0, cause(failure));
    }
  }

  /** What the engine or the translator threw: DJL wraps everything. */
  static @Nullable Throwable cause(@Nullable Throwable failure) {
    return failure instanceof TranslateException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
