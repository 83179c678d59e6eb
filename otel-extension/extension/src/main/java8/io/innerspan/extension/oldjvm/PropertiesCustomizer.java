package io.innerspan.extension.oldjvm;

import io.innerspan.extension.SpanEnds;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;

/**
 * Adds our span processor where the agent is configured by properties. For Java 8: the SDK does not
 * pass over a provider that its JVM cannot load, and would not start.
 */
public final class PropertiesCustomizer implements AutoConfigurationCustomizerProvider {
  @Override
  public void customize(AutoConfigurationCustomizer customizer) {
    if (!OldJvmListener.isTooOld()) {
      customizer.addTracerProviderCustomizer((tracers, properties) -> SpanEnds.addTo(tracers));
    }
  }
}
