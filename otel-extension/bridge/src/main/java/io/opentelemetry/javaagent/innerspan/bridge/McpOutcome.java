package io.opentelemetry.javaagent.innerspan.bridge;

import org.jspecify.annotations.Nullable;

/**
 * How a request or notification ended.
 *
 * @param errorCode of JSON-RPC, or null without an error of the peer
 * @param toolFailed whether the tool says that it failed
 * @param failure what was thrown instead of an answer, or null
 * @param cancelled whether nobody waited for the answer any more
 * @param protocolVersion that the answer names, or null
 * @param result what a tool gave, in JDK types; null when there is none, or nobody wants it
 */
public record McpOutcome(
    @Nullable Integer errorCode,
    boolean toolFailed,
    @Nullable Throwable failure,
    boolean cancelled,
    @Nullable String protocolVersion,
    @Nullable Object result) {
  /** It went well, and there is nothing to tell. */
  public static final McpOutcome DONE = new McpOutcome(null, false, null, false, null, null);

  /** Nobody waited any more. */
  public static final McpOutcome CANCELLED = new McpOutcome(null, false, null, true, null, null);

  /** Something was thrown. */
  public static McpOutcome failed(Throwable failure) {
    return new McpOutcome(null, false, failure, false, null, null);
  }
}
