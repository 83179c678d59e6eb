package io.opentelemetry.javaagent.innerspan.bridge;

import java.util.Map;

/** A request or notification under way, with its span. In any thread; never throws. */
public interface McpCall {
  /** What the receiver needs to continue the trace, for the message's {@code _meta}. */
  Map<String, String> propagation();

  /**
   * Makes the span current in this thread.
   *
   * @return ends that; to be run in the same thread
   */
  Runnable enter();

  /** The id of a request that was not known when it began. */
  void id(String id);

  /**
   * What a tool is called with, in JDK types. Asked for only where {@link
   * McpObserver#capturesContent}.
   */
  void arguments(Object arguments);

  /** The request or notification is over; once. */
  void end(McpOutcome outcome);
}
