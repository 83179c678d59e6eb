package io.innerspan.mcp.javaagent;

import io.innerspan.mcp.javaagent.McpMessages.Exchange;
import io.opentelemetry.javaagent.innerspan.bridge.McpCall;
import io.opentelemetry.javaagent.innerspan.bridge.McpObserver;
import io.opentelemetry.javaagent.innerspan.bridge.McpOutcome;
import org.jspecify.annotations.Nullable;

/**
 * A message that was received.
 *
 * @param id of a request
 * @param seen where the answer is seen when the publisher does not give it
 */
record Received(
    McpObserver observer,
    Object session,
    String method,
    @Nullable Object id,
    @Nullable Object parameters,
    @Nullable SeenAnswer seen)
    implements Exchange {

  @Override
  public McpCall begin() {
    McpCall call =
        observer.receives(
            Messages.of(method, id, parameters, session), Parameters.meta(parameters));
    if (observer.capturesContent() && Messages.isCall(method)) {
      Object arguments = Parameters.value(parameters, "arguments");
      if (arguments != null) {
        call.arguments(arguments);
      }
    }
    return call;
  }

  @Override
  public McpOutcome outcome(@Nullable Object answer) {
    return Answers.of(seen == null ? answer : seen.answer(), observer.capturesContent());
  }
}
