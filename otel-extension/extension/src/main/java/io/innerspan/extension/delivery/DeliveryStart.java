package io.innerspan.extension.delivery;

import io.opentelemetry.javaagent.extension.AgentListener;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;

/**
 * Has delivery begin once the agent is installed: what earlier JVMs left must not wait for new
 * telemetry.
 */
public final class DeliveryStart implements AgentListener {

  @Override
  public void afterAgent(AutoConfiguredOpenTelemetrySdk sdk) {
    Exporters.begin();
  }
}
