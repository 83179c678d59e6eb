package io.opentelemetry.javaagent.innerspan.bridge;

import org.jspecify.annotations.Nullable;

/** Where the engines' side finds the telemetry side: one per JVM. */
public final class InnerspanBridge {
  private static volatile @Nullable ModelObserver observer;
  private static volatile @Nullable PredictionObserver predictions;
  private static volatile @Nullable ApplicationObserver application;
  private static volatile @Nullable McpObserver mcp;
  private static volatile boolean anyExecutionProvider;

  /**
   * Installs the telemetry side; called once by the extension when it starts.
   *
   * @param predictionObserver told of models that frameworks above the engines predict with
   * @param anyProvider whether sessions on execution providers other than the CPU may be grafted
   */
  public static void install(
      ModelObserver modelObserver, PredictionObserver predictionObserver, boolean anyProvider) {
    predictions = predictionObserver;
    anyExecutionProvider = anyProvider;
    observer = modelObserver;
  }

  /**
   * Installs what takes the calls of our API, and what is told of messages between an application
   * and its tools; called once by the extension when it starts.
   */
  public static void install(ApplicationObserver applicationObserver, McpObserver mcpObserver) {
    application = applicationObserver;
    mcp = mcpObserver;
  }

  /** The telemetry side, or null before it is installed or when it is switched off. */
  public static @Nullable ModelObserver observer() {
    return observer;
  }

  /** Where predictions are told, or null as {@link #observer} is. */
  public static @Nullable PredictionObserver predictions() {
    return predictions;
  }

  /** Where calls of our API go, or null as {@link #observer} is. */
  public static @Nullable ApplicationObserver application() {
    return application;
  }

  /** Where messages of the Model Context Protocol are told, or null as {@link #observer} is. */
  public static @Nullable McpObserver mcp() {
    return mcp;
  }

  /** Whether sessions on execution providers other than the CPU may be grafted. */
  public static boolean anyExecutionProvider() {
    return anyExecutionProvider;
  }

  private InnerspanBridge() {}
}
