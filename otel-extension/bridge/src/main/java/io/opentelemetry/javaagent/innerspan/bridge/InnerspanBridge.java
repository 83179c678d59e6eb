package io.opentelemetry.javaagent.innerspan.bridge;

import org.jspecify.annotations.Nullable;

/** Where the engines' side finds the telemetry side: one per JVM. */
public final class InnerspanBridge {
  private static volatile @Nullable ModelObserver observer;

  /** Installs the telemetry side; called once by the extension when it starts. */
  public static void install(ModelObserver modelObserver) {
    observer = modelObserver;
  }

  /** The telemetry side, or null before it is installed or when it is switched off. */
  public static @Nullable ModelObserver observer() {
    return observer;
  }

  private InnerspanBridge() {}
}
