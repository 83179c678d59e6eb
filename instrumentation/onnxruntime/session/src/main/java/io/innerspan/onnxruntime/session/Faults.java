package io.innerspan.onnxruntime.session;

import io.opentelemetry.javaagent.innerspan.bridge.InnerspanBridge;
import io.opentelemetry.javaagent.innerspan.bridge.ModelObserver;

/** Reports faults of our own, which never reach the application. */
final class Faults {
  static void report(String place, Throwable fault) {
    ModelObserver observer = InnerspanBridge.observer();
    if (observer != null) {
      report(observer, place, fault);
    }
  }

  static void report(ModelObserver observer, String place, Throwable fault) {
    try {
      observer.fault(place, fault);
    } catch (Throwable ignored) {
      // There is nobody left to tell.
    }
  }

  private Faults() {}
}
