package io.innerspan.mcp.javaagent;

import io.innerspan.mcp.javaagent.McpMessages.Exchange;
import io.opentelemetry.javaagent.innerspan.bridge.McpCall;
import io.opentelemetry.javaagent.innerspan.bridge.McpObserver;
import io.opentelemetry.javaagent.innerspan.bridge.McpOutcome;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A notification: some transports send it before anybody subscribes, so it has begun already. */
final class SentNotification implements Exchange {
  private final McpCall call;
  private final @Nullable Object parameters;
  private final Runnable leave;

  SentNotification(McpObserver observer, Object session, String method, @Nullable Object parameters)
      throws ReflectiveOperationException {
    Map<String, Object> meta = new LinkedHashMap<>();
    Object changed = Parameters.with(parameters, meta);
    this.parameters = changed == null ? parameters : changed;
    this.call = observer.sends(Messages.of(method, null, parameters, session));
    meta.putAll(call.propagation());
    this.leave = call.enter();
  }

  /** What is sent. */
  @Nullable Object parameters() {
    return parameters;
  }

  McpCall call() {
    return call;
  }

  /** The session's method is over. */
  void made() {
    leave.run();
  }

  @Override
  public McpCall begin() {
    return call;
  }

  @Override
  public McpOutcome outcome(@Nullable Object answer) {
    return McpOutcome.DONE;
  }
}
