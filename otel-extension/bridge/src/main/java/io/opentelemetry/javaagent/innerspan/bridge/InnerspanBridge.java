package io.opentelemetry.javaagent.innerspan.bridge;

import org.jspecify.annotations.Nullable;

/** Where the engines' side finds the telemetry side: one per JVM. */
public final class InnerspanBridge {
  private static volatile @Nullable ModelObserver observer;
  private static volatile boolean anyExecutionProvider;

  /**
   * Installs the telemetry side; called once by the extension when it starts.
   *
   * @param anyProvider whether sessions on execution providers other than the CPU may be grafted
   */
  public static void install(ModelObserver modelObserver, boolean anyProvider) {
    anyExecutionProvider = anyProvider;
    observer = modelObserver;
  }

  /** The telemetry side, or null before it is installed or when it is switched off. */
  public static @Nullable ModelObserver observer() {
    return observer;
  }

  /** Whether sessions on execution providers other than the CPU may be grafted. */
  public static boolean anyExecutionProvider() {
    return anyExecutionProvider;
  }

  private InnerspanBridge() {}
}
