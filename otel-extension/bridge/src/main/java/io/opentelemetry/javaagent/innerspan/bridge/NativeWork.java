package io.opentelemetry.javaagent.innerspan.bridge;

/**
 * What threads of ours do in native libraries. A JVM that ends does not wait for daemon threads:
 * ONNX Runtime's own shutdown hook frees what a session in the making needs, and after the hooks
 * the libraries' destructors run. A thread in one of them would then end the process by a signal
 * instead of its exit status. So the end waits for such work, which is told to stop, and none
 * begins any more. In the loader that lives as long as the JVM, as {@link TemporaryFiles} is.
 */
public final class NativeWork {
  /** Longer than opening a large model, shorter than those wait who end processes. */
  private static final long PATIENCE_MILLIS = 20_000;

  private static final WorkGate GATE = new WorkGate();

  static {
    if (!ExitHook.add("innerspan-native-work", NativeWork::stop)) {
      GATE.close();
    }
  }

  /**
   * Begins work, which {@link #end} must follow.
   *
   * @return false when the JVM is ending: then it must not begin, and {@link #end} not be called
   */
  public static boolean begin() {
    return GATE.enter();
  }

  /** Ends work that began. */
  public static void end() {
    GATE.leave();
  }

  /** Whether the JVM is ending: work that is under way is to begin no further native call. */
  public static boolean stopping() {
    return GATE.isClosed();
  }

  /** Lets no more work begin, and waits until that which is under way has ended, or too long. */
  public static void stop() {
    GATE.close();
    GATE.awaitEmpty(PATIENCE_MILLIS);
  }

  private NativeWork() {}
}
