package io.innerspan.workbench.torch;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Told of every block's forward in this JVM, by {@link BlockHooks}. Public, as it is called so. */
public final class ObservedForward {
  private static final ThreadLocal<@Nullable Listener> LISTENER = new ThreadLocal<>();

  /** What is told of a thread's blocks. */
  interface Listener {
    /** A block begins. */
    void enter(Block block);

    /**
     * The one that began last ends.
     *
     * @param outputs null when it failed
     */
    void leave(@Nullable NDList outputs);
  }

  /** A block begins. */
  public static void enter(Block block) {
    Listener listener = LISTENER.get();
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
    Listener listener = LISTENER.get();
    if (listener != null) {
      listener.leave(outputs);
    }
  }

  /** Calls a model, of whose blocks the listener is told, in this thread. */
  static NDList during(Listener listener, Supplier<NDList> call) {
    LISTENER.set(listener);
    try {
      return call.get();
    } finally {
      LISTENER.remove();
    }
  }

  private ObservedForward() {}
}
