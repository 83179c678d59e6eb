package io.innerspan.workbench.torch;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import io.innerspan.djl.block.BlockListener;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Told of every block's forward in this JVM, by {@link BlockHooks}. Public, as it is called so. */
public final class ObservedForward {
  private static final ThreadLocal<@Nullable BlockListener> LISTENER = new ThreadLocal<>();

  /** A block begins. */
  public static void enter(Block block) {
    BlockListener listener = LISTENER.get();
    if (listener != null) {
      listener.enter(block);
    }
  }

  /**
   * The one that began last ends.
   *
   * @param outputs null when it failed
   */
  public static void leave(@Nullable NDList outputs) {
    BlockListener listener = LISTENER.get();
    if (listener != null) {
      listener.leave(outputs);
    }
  }

  /** Calls a model, of whose blocks the listener is told, in this thread. */
  static NDList during(BlockListener listener, Supplier<NDList> call) {
    LISTENER.set(listener);
    try {
      return call.get();
    } finally {
      LISTENER.remove();
    }
  }

  private ObservedForward() {}
}
