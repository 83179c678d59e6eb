package io.innerspan.onnxruntime.session;

/**
 * Marks the current thread's calls into ONNX Runtime as our own, so that instrumentation leaves
 * them alone.
 */
public final class Bypass {
  private static final ThreadLocal<Boolean> ACTIVE = new ThreadLocal<>();

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
      ACTIVE.remove();
    }
  }

  private Bypass() {}
}
