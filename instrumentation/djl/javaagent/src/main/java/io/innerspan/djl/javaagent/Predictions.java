package io.innerspan.djl.javaagent;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.SymbolBlock;
import io.opentelemetry.javaagent.innerspan.bridge.InnerspanBridge;
import io.opentelemetry.javaagent.innerspan.bridge.PredictionObserver;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the advice calls: which prediction each thread is in. Only what begins with a predictor is a
 * prediction; a trainer runs blocks without one.
 */
public final class Predictions {
  private static final @Nullable PredictionObserver OBSERVER = InnerspanBridge.predictions();

  private static final ThreadLocal<@Nullable BlockWork> CURRENT = new ThreadLocal<>();

  /**
   * A predictor was made: its model is looked up, hashed and proven now, and not when a request
   * waits for that. One whose parameters are still to come waits for its first prediction.
   */
  public static void created(@Nullable Model model, @Nullable Block block) {
    if (OBSERVER == null || model == null) {
      return;
    }
    try {
      if (block == null || block instanceof SymbolBlock || block.isInitialized()) {
        Models.of(OBSERVER, model, block);
      }
    } catch (Throwable fault) {
      OBSERVER.fault("open", fault);
    }
  }

  /**
   * A predictor's method begins.
   *
   * @param inputs what the application gave, or null
   * @return the call, to be given to {@link #end}; null when it is part of one that is under way
   */
  public static @Nullable Object begin(
      Predictor<?, ?> predictor,
      @Nullable Model model,
      @Nullable Block block,
      @Nullable List<?> inputs) {
    BlockWork outer = CURRENT.get();
    if (OBSERVER == null || model == null || of(predictor) != null) {
      return null;
    }
    int count = inputs == null ? -1 : inputs.size();
    PredictorCall call =
        new PredictorCall(predictor, block, Models.of(OBSERVER, model, block), count, outer);
    CURRENT.set(call);
    Texts.tell(OBSERVER, "input", inputs);
    return call;
  }

  /**
   * A predictor's method ends.
   *
   * @param outputs what it gives, or null
   */
  public static void end(
      @Nullable Object begun, @Nullable Throwable failure, @Nullable List<?> outputs) {
    if (!(begun instanceof PredictorCall call)) {
      return;
    }
    if (OBSERVER != null) {
      Texts.tell(OBSERVER, "output", outputs);
    }
    if (call.outer() == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(call.outer());
    }
    call.end(failure);
  }

  /** Blocks run in this thread that are part of no prediction. */
  static void during(BlockWork work, Runnable blocks) {
    BlockWork outer = CURRENT.get();
    CURRENT.set(work);
    try {
      blocks.run();
    } finally {
      if (outer == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(outer);
      }
    }
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
      try {
        call.forwardEnds(inputs, outputs);
      } catch (Throwable fault) {
        fault(fault);
      }
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
    return CURRENT.get() instanceof PredictorCall call && call.streams(block)
        ? ObservedStream.of(outputs, call.prediction())
        : outputs;
  }

  /** A TorchScript module is to be run; null when the engine must do it. */
  public static Object @Nullable [] run(Object module, NDList inputs, boolean training) {
    if (training || !(CURRENT.get() instanceof PredictorCall call)) {
      return null;
    }
    try {
      return call.run(module, inputs);
    } catch (Throwable fault) {
      return fault(fault);
    }
  }

  /**
   * A block begins.
   *
   * @return what to tell of its end, or null when nothing is to be told
   */
  public static @Nullable Object blockBegins(
      Object block, @Nullable NDList inputs, boolean training) {
    BlockWork work = training ? null : CURRENT.get();
    if (work == null) {
      return null;
    }
    try {
      return work.blockBegins((Block) block, inputs) ? work : null;
    } catch (Throwable fault) {
      return fault(fault);
    }
  }

  /**
   * A block ends.
   *
   * @param begun what its beginning gave
   * @param outputs null when it failed
   */
  public static void blockEnds(Object begun, @Nullable NDList outputs) {
    try {
      ((BlockWork) begun).blockEnds(outputs);
    } catch (Throwable fault) {
      fault(fault);
    }
  }

  /** A TorchScript archive is to be loaded; null when the engine must do it. */
  public static Object @Nullable [] load(Object[] arguments) {
    if (OBSERVER == null) {
      return null;
    }
    try {
      return ScriptLoading.load(OBSERVER, arguments);
    } catch (Throwable fault) {
      OBSERVER.fault("open", fault);
      return null;
    }
  }

  /** Counted; without it a fault in advice would be silent. */
  static Object @Nullable [] fault(Throwable fault) {
    if (OBSERVER != null) {
      OBSERVER.fault("run", fault);
    }
    return null;
  }

  private static @Nullable PredictorCall of(Predictor<?, ?> predictor) {
    return CURRENT.get() instanceof PredictorCall call && call.isOf(predictor) ? call : null;
  }

  private Predictions() {}
}
