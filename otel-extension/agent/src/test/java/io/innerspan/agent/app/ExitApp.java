package io.innerspan.agent.app;

import ai.onnxruntime.OrtEnvironment;
import java.util.Map;

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
      StackTraceElement[] certification = certification();
      while (certification.length == 0) { // It begins or waits.
        certification = certification();
      }
      for (; certification.length > 0; certification = certification()) {
        if (certification[0].isNativeMethod()
            && certification[0].getClassName().equals("ai.onnxruntime.OrtSession")
            && certification[0].getMethodName().equals(arguments[1])) {
          System.out.println("exits in " + certification[0]);
          System.exit(STATUS);
        }
      }
    }
  }

  /** Where the certifying thread is; nothing when there is none. */
  private static StackTraceElement[] certification() {
    for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
      if (entry.getKey().getName().equals("innerspan-certification")) {
        return entry.getValue();
      }
    }
    return new StackTraceElement[0];
  }

  private ExitApp() {}
}
