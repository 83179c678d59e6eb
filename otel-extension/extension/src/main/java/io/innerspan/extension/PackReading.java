package io.innerspan.extension;

import io.opentelemetry.javaagent.extension.AgentListener;
import io.opentelemetry.javaagent.innerspan.bridge.InnerspanBridge;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;

/** Has the packs read once the agent is installed, so that {@code main} need not wait for them. */
public final class PackReading implements AgentListener {

  @Override
  public void afterAgent(AutoConfiguredOpenTelemetrySdk sdk) {
    if (InnerspanBridge.observer() instanceof GraftingObserver observer) {
      observer.prepare();
    }
  }
}
