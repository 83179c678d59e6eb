package io.innerspan.onnxruntime.session;

import org.jspecify.annotations.Nullable;

/**
 * Marks the current thread's calls into ONNX Runtime as our own, so that instrumentation leaves
 * them alone.
 */
public final class Bypass {
  // Set to null rather than removed: an entry made anew for each run costs memory. What stays in a
  // thread refers to nothing of ours but, weakly, to this key.
  private static final ThreadLocal<@Nullable Boolean> ACTIVE = new ThreadLocal<>();

  /** Whether the current thread's calls are our own. */
  public static boolean active() {
    return ACTIVE.get() != null;
  }

  /**
   * Begins a stretch of our own calls.
   *
   * @return whether this call began it; hand the value to {@link #exit}
   */
  static boolean enter() {
    if (ACTIVE.get() != null) {
      return false;
    }
    ACTIVE.set(Boolean.TRUE);
    return true;
  }

  static void exit(boolean entered) {
    if (entered) {
      ACTIVE.set(null);
    }
  }

  private Bypass() {}
}
