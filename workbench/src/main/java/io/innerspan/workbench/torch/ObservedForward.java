package io.innerspan.workbench.torch;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import io.innerspan.djl.block.BlockActivations;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Told of every block's forward in this JVM, by {@link BlockHooks}. Public, as it is called so. */
public final class ObservedForward {
  private static final ThreadLocal<BlockActivations.@Nullable Run> RUN = new ThreadLocal<>();

  /** A block begins. */
  public static void enter(Block block) {
    BlockActivations.Run run = RUN.get();
    if (run != null) {
      run.enter(block);
    }
  }

  /**
   * The one that began last ends.
   *
   * @param outputs null when it failed
   */
  public static void leave(@Nullable NDList outputs) {
    BlockActivations.Run run = RUN.get();
    if (run != null) {
      run.leave(outputs);
    }
  }

  /** Calls a model, whose blocks the run is told of, in this thread. */
  static NDList during(BlockActivations.Run run, Supplier<NDList> call) {
    RUN.set(run);
    try {
      return call.get();
    } finally {
      RUN.remove();
    }
  }

  private ObservedForward() {}
}
