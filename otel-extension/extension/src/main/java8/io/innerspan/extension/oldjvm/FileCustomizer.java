package io.innerspan.extension.oldjvm;

import io.innerspan.extension.SpanEnds;
import io.innerspan.extension.delivery.FileExporters;
import io.opentelemetry.sdk.autoconfigure.declarativeconfig.DeclarativeConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.declarativeconfig.DeclarativeConfigurationCustomizerProvider;

/**
 * Adds our span processor, and wraps exporters, where the agent is configured by a file; for Java 8
 * as well.
 */
public final class FileCustomizer implements DeclarativeConfigurationCustomizerProvider {
  @Override
  public void customize(DeclarativeConfigurationCustomizer customizer) {
    if (!OldJvmListener.isTooOld()) {
      SpanEnds.addTo(customizer);
      FileExporters.addTo(customizer);
    }
  }
}
