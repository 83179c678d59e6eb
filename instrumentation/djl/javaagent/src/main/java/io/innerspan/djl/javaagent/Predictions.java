package io.innerspan.djl.javaagent;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import io.opentelemetry.javaagent.innerspan.bridge.InnerspanBridge;
import io.opentelemetry.javaagent.innerspan.bridge.PredictionObserver;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the advice calls: which prediction each thread is in. Only what begins with a predictor is a
 * prediction; a trainer runs blocks without one.
 */
public final class Predictions {
  private static final @Nullable PredictionObserver OBSERVER = InnerspanBridge.predictions();

  private static final ThreadLocal<@Nullable PredictorCall> CURRENT = new ThreadLocal<>();

  /**
   * A predictor's method begins.
   *
   * @param inputs how many the application gave, or negative
   * @return the call, to be given to {@link #end}; null when it is part of one that is under way
   */
  public static @Nullable Object begin(
      Predictor<?, ?> predictor, @Nullable Model model, @Nullable Block block, int inputs) {
    PredictorCall outer = CURRENT.get();
    if (OBSERVER == null || model == null || (outer != null && outer.isOf(predictor))) {
      return null;
    }
    PredictorCall call =
        new PredictorCall(predictor, block, Models.of(OBSERVER, model, block), inputs, outer);
    CURRENT.set(call);
    return call;
  }

  /** A predictor's method ends. */
  public static void end(@Nullable Object begun, @Nullable Throwable failure) {
    if (!(begun instanceof PredictorCall call)) {
      return;
    }
    if (call.outer() == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(call.outer());
    }
    call.end(failure);
  }

  /** A predictor gives its block the inputs. */
  public static void forwardBegins(Predictor<?, ?> predictor) {
    PredictorCall call = of(predictor);
    if (call != null) {
      call.forwardBegins();
    }
  }

  /**
   * A predictor's block has worked.
   *
   * @param outputs null when it failed
   */
  public static void forwardEnds(
      Predictor<?, ?> predictor, @Nullable NDList inputs, @Nullable NDList outputs) {
    PredictorCall call = of(predictor);
    if (call != null) {
      call.forwardEnds(inputs, outputs);
    }
  }

  /** A predictor's translator has made outputs. */
  public static void outputsMade(Predictor<?, ?> predictor, int outputs) {
    PredictorCall call = of(predictor);
    if (call != null) {
      call.outputsMade(outputs);
    }
  }

  /** A block's outputs, observed when they are a prediction's. */
  public static Stream<?> observed(Block block, Stream<?> outputs) {
    PredictorCall call = CURRENT.get();
    return call != null && call.streams(block)
        ? ObservedStream.of(outputs, call.prediction())
        : outputs;
  }

  /** A TorchScript module is to be run; null when the engine must do it. */
  public static Object @Nullable [] run(Object module, NDList inputs, boolean training) {
    PredictorCall call = training ? null : CURRENT.get();
    return call == null ? null : call.run(module, inputs);
  }

  /** A TorchScript archive is to be loaded; null when the engine must do it. */
  public static Object @Nullable [] load(Object[] arguments) throws Exception {
    return OBSERVER == null ? null : ScriptLoading.load(OBSERVER, arguments);
  }

  private static @Nullable PredictorCall of(Predictor<?, ?> predictor) {
    PredictorCall call = CURRENT.get();
    return call != null && call.isOf(predictor) ? call : null;
  }

  private Predictions() {}
}
