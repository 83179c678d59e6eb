package io.innerspan.extension.oldjvm;

import io.innerspan.extension.SpanEnds;
import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.internal.ComponentProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;

/** What {@link FileCustomizer} names in the configuration; for Java 8 as well. */
public final class SpanEndsComponent implements ComponentProvider {
  @Override
  public Class<SpanProcessor> getType() {
    return SpanProcessor.class;
  }

  @Override
  public String getName() {
    return SpanEnds.NAME; // A constant: no class of a newer JVM is loaded for it.
  }

  @Override
  public SpanProcessor create(DeclarativeConfigProperties properties) {
    return SpanEnds.processor();
  }
}
