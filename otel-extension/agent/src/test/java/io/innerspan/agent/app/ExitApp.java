package io.innerspan.agent.app;

import ai.onnxruntime.OrtEnvironment;

/** Opens sessions until one is certified in a given native method at that moment, and exits. */
final class ExitApp {
  static final int STATUS = 7;

  /**
   * @param arguments the model, and the native method
   */
  public static void main(String[] arguments) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    while (true) {
      environment.createSession(arguments[0]);
      Thread certification = certification();
      while (certification.isAlive()) {
        StackTraceElement[] stack = certification.getStackTrace();
        if (stack.length > 0
            && stack[0].isNativeMethod()
            && stack[0].getClassName().equals("ai.onnxruntime.OrtSession")
            && stack[0].getMethodName().equals(arguments[1])) {
          System.out.println("exits in " + stack[0]);
          System.exit(STATUS);
        }
      }
    }
  }

  /** The certifying thread, as soon as there is one. */
  private static Thread certification() {
    while (true) {
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().equals("innerspan-background")) {
          return thread;
        }
      }
    }
  }

  private ExitApp() {}
}
