package io.innerspan.extension;

import io.innerspan.recorder.ParentEnds;
import io.opentelemetry.sdk.autoconfigure.declarativeconfig.DeclarativeConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.declarativeconfig.model.OpenTelemetryConfigurationModel;
import io.opentelemetry.sdk.autoconfigure.declarativeconfig.model.SpanProcessorModel;
import io.opentelemetry.sdk.autoconfigure.declarativeconfig.model.TracerProviderModel;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The span processor by which generations learn that their parents have ended: one per JVM, asked
 * for while the SDK is made, long before the recorder is. Whatever fails here leaves the SDK as it
 * would be without us.
 */
public final class SpanEnds {
  /** What the processor is called in the agent's YAML. */
  public static final String NAME = "innerspan_generations";

  private static final Logger LOGGER = Logger.getLogger(SpanEnds.class.getName());
  private static final ParentEnds PROCESSOR = new ParentEnds();

  static ParentEnds parentEnds() {
    return PROCESSOR;
  }

  /** The processor, for the SDK. */
  public static SpanProcessor processor() {
    return PROCESSOR;
  }

  /** Adds the processor to an SDK that is configured by properties. */
  public static SdkTracerProviderBuilder addTo(SdkTracerProviderBuilder tracers) {
    try {
      return tracers.addSpanProcessorFirst(PROCESSOR);
    } catch (Throwable e) {
      return without(tracers, e);
    }
  }

  /** Adds the processor to an SDK that is configured by a file. */
  public static void addTo(DeclarativeConfigurationCustomizer customizer) {
    try {
      customizer.addModelCustomizer(SpanEnds::withOrWithout);
    } catch (Throwable e) { // Of another version of the agent, where this is another method.
      without(customizer, e);
    }
  }

  private static OpenTelemetryConfigurationModel withOrWithout(
      OpenTelemetryConfigurationModel model) {
    try {
      return with(model);
    } catch (Throwable e) {
      return without(model, e);
    }
  }

  private static OpenTelemetryConfigurationModel with(OpenTelemetryConfigurationModel model) {
    TracerProviderModel tracers = model.getTracerProvider();
    if (tracers != null) {
      List<SpanProcessorModel> processors = new ArrayList<>();
      processors.add(new SpanProcessorModel().setExtensionProperty(NAME, Map.of()));
      if (tracers.getProcessors() != null) {
        processors.addAll(tracers.getProcessors());
      }
      tracers.setProcessors(processors);
    }
    return model;
  }

  private static <T> T without(T unchanged, Throwable failure) {
    LOGGER.log(
        Level.WARNING,
        "Innerspan: generations are not told when their parents end: it could not be arranged",
        failure);
    return unchanged;
  }

  private SpanEnds() {}
}
