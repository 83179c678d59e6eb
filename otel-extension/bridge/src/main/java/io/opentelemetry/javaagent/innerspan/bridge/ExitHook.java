package io.opentelemetry.javaagent.innerspan.bridge;

/** What is done when the JVM ends, in threads that hold no application's class loader. */
final class ExitHook {
  /** Returns false when the JVM is ending already: then it is not done. */
  static boolean add(String thread, Runnable work) {
    Thread hook = new Thread(null, work, thread, 0, false);
    hook.setContextClassLoader(null);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private ExitHook() {}
}
