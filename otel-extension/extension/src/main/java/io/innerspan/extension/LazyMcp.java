package io.innerspan.extension;

import io.opentelemetry.javaagent.innerspan.bridge.McpCall;
import io.opentelemetry.javaagent.innerspan.bridge.McpMessage;
import io.opentelemetry.javaagent.innerspan.bridge.McpObserver;
import java.util.Map;

/** Is told of messages from the start on, and makes what records them with the first. */
final class LazyMcp implements McpObserver {
  private final Lazy<Services> services;

  LazyMcp(Lazy<Services> services) {
    this.services = services;
  }

  @Override
  public McpCall sends(McpMessage message) {
    return services.get().mcp().sends(message);
  }

  @Override
  public McpCall receives(McpMessage message, Map<?, ?> meta) {
    return services.get().mcp().receives(message, meta);
  }

  @Override
  public boolean capturesContent() {
    return services.get().mcp().capturesContent();
  }

  @Override
  public void fault(String place, Throwable fault) {
    services.get().mcp().fault(place, fault);
  }
}
