package io.innerspan.mcp.javaagent;

import io.innerspan.mcp.javaagent.McpMessages.Exchange;
import io.opentelemetry.javaagent.innerspan.bridge.McpCall;
import io.opentelemetry.javaagent.innerspan.bridge.McpObserver;
import io.opentelemetry.javaagent.innerspan.bridge.McpOutcome;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that is sent when somebody subscribes to its answer: only then there is a span whose
 * trace it can take along. Its {@code _meta} is a map that is filled then.
 */
final class SentRequest implements Exchange {
  private final McpObserver observer;
  private final Object session;
  private final String method;
  private final @Nullable Object parameters;
  private final Map<String, Object> meta = new LinkedHashMap<>();
  private final @Nullable Object changed;
  private @Nullable String id;

  SentRequest(McpObserver observer, Object session, String method, @Nullable Object parameters)
      throws ReflectiveOperationException {
    this.observer = observer;
    this.session = session;
    this.method = method;
    this.parameters = parameters;
    this.changed = Parameters.with(parameters, meta);
  }

  /** What is sent. */
  @Nullable Object parameters() {
    return changed == null ? parameters : changed;
  }

  void id(String made) {
    id = made;
  }

  @Override
  public McpCall begin() {
    McpCall call = observer.sends(Messages.of(method, id, parameters, session));
    meta.putAll(call.propagation());
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
    return Answers.of(answer, observer.capturesContent());
  }
}
