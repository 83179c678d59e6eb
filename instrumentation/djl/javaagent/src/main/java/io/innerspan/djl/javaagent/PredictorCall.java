package io.innerspan.djl.javaagent;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.translate.TranslateException;
import io.opentelemetry.javaagent.innerspan.bridge.Prediction;
import io.opentelemetry.javaagent.innerspan.bridge.Prediction.Phase;
import org.jspecify.annotations.Nullable;

/** One call of a predictor under way, in the thread of its caller. */
final class PredictorCall implements BlockWork {
  private final Predictor<?, ?> predictor;
  private final @Nullable Block block;
  private final ReadModel model;
  private final Prediction prediction;
  private final @Nullable BlockWork outer;
  private int awaitedOutputs;
  private int forwardDepth;
  private long forwardNanos;
  private boolean runs;
  private @Nullable BlockRun blockRun;
  private boolean streams;

  /**
   * @param inputs how many the application gave
   * @param outer what this call is made in, such as that of another predictor, or null
   */
  PredictorCall(
      Predictor<?, ?> predictor,
      @Nullable Block block,
      ReadModel model,
      int inputs,
      @Nullable BlockWork outer) {
    this.predictor = predictor;
    this.block = block;
    this.model = model;
    this.prediction = model.observed().predict(inputs);
    this.awaitedOutputs = inputs;
    this.outer = outer;
    prediction.phase(Phase.PREPROCESS);
  }

  boolean isOf(Predictor<?, ?> other) {
    return predictor == other;
  }

  @Nullable BlockWork outer() {
    return outer;
  }

  /** A method that runs the block begins; one that overrides another may call it. */
  void forwardBegins() {
    if (forwardDepth++ == 0) {
      prediction.phase(Phase.FORWARD);
      forwardNanos = System.nanoTime();
    }
  }

  /**
   * Such a method is over.
   *
   * @param outputs null when it failed
   */
  void forwardEnds(@Nullable NDList inputs, @Nullable NDList outputs) {
    if (--forwardDepth != 0 || outputs == null) {
      return;
    }
    if (model.readable().isRead()) {
      model.gave(inputs == null ? new NDList() : inputs, outputs, prediction);
      long nanos = System.nanoTime() - forwardNanos;
      prediction.worked(inputs == null || inputs.isEmpty() ? 0 : inputs.get(0).size(), nanos);
    }
    try {
      if (block != null && inputs != null) {
        model.sample(block, inputs, outputs);
      }
    } finally {
      prediction.phase(Phase.POSTPROCESS);
    }
  }

  /** The predictor's own TorchScript module is to be run; null when the engine must do it. */
  Object @Nullable [] run(Object module, NDList inputs) {
    if (module != block || forwardDepth == 0 || runs) {
      return null;
    }
    runs = true;
    try {
      return model.run(module, inputs, prediction);
    } finally {
      runs = false;
    }
  }

  /** The predictor's own block begins, or one within it. */
  @Override
  public boolean blockBegins(Block begun, @Nullable NDList inputs) {
    if (blockRun == null && begun == block && forwardDepth > 0) {
      blockRun = model.begin(inputs, prediction);
    }
    if (blockRun == null) {
      return false;
    }
    blockRun.begins(begun);
    return true;
  }

  @Override
  public void blockEnds(@Nullable NDList outputs) {
    BlockRun run = blockRun;
    if (run == null) {
      return;
    }
    boolean over = true;
    try {
      over = run.ends(outputs);
    } finally {
      if (over) {
        blockRun = null;
      }
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
    if (model.readable().isRead()) {
      model.observed().streams();
    }
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
