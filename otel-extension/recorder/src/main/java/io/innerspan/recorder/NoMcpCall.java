package io.innerspan.recorder;

import io.opentelemetry.javaagent.innerspan.bridge.McpCall;
import io.opentelemetry.javaagent.innerspan.bridge.McpOutcome;
import java.util.Map;

/** A message that could not be told of. */
enum NoMcpCall implements McpCall {
  INSTANCE;

  @Override
  public Map<String, String> propagation() {
    return Map.of();
  }

  @Override
  public Runnable enter() {
    return () -> {};
  }

  @Override
  public void id(String id) {}

  @Override
  public void arguments(Object arguments) {}

  @Override
  public void end(McpOutcome outcome) {}
}
