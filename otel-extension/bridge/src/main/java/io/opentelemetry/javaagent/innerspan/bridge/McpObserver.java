package io.opentelemetry.javaagent.innerspan.bridge;

import java.util.Map;

/** Told of the Model Context Protocol's messages. Thread-safe; no method throws. */
public interface McpObserver {
  /** A message is about to be sent: its span is a child of the current one. */
  McpCall sends(McpMessage message);

  /**
   * A message was received and is about to be handled.
   *
   * @param meta the parameters' {@code _meta}, where the sender may have put its trace
   */
  McpCall receives(McpMessage message, Map<?, ?> meta);

  /** Whether anything that tools are called with, and give, is wanted. */
  boolean capturesContent();

  /** Counts and (once per place) logs a fault of our own that was kept from the application. */
  void fault(String place, Throwable fault);
}
