package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.innerspan.semconv.FaultPlace;
import io.innerspan.semconv.RefusalReason;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HealthTest {
  private final Backend backend = new Backend();
  private final HealthCounters health = backend.recorder.health();
  private final Logger logger = Logger.getLogger(HealthCounters.class.getName());
  private final LogKeeper log = new LogKeeper();

  @BeforeEach
  void listen() {
    logger.setUseParentHandlers(false);
    logger.addHandler(log);
  }

  @AfterEach
  void close() {
    logger.removeHandler(log);
    logger.setUseParentHandlers(true);
    backend.close();
  }

  @Test
  void fault_samePlaceTwice_isCountedTwiceAndLoggedOnce() {
    health.fault("run", new IllegalStateException("first"));
    health.fault("run", new IllegalStateException("second"));
    health.fault("open", new IllegalStateException("third"));

    assertThat(faults("run")).isEqualTo(2);
    assertThat(faults("open")).isEqualTo(1);
    assertThat(log.records)
        .extracting(entry -> entry.getThrown().getMessage())
        .containsExactly("first", "third");
    assertThat(log.records.get(0).getMessage()).contains("'run'");
  }

  @Test
  void fault_unknownPlaces_areOneLabelAndAFewLogLines() {
    for (int i = 0; i < 1000; i++) {
      health.fault("place " + i, new IllegalStateException());
    }

    assertThat(faults("_OTHER")).isEqualTo(1000);
    assertThat(log.records).hasSize(32);
  }

  @ParameterizedTest
  @EnumSource(RefusalReason.class)
  void refusals_everyReason_isCountedByItsValue(RefusalReason reason) {
    ModelTelemetry model = backend.model();
    health.packRefused(reason);
    model.graftRefused(reason);
    model.signalRefused(reason);
    model.tapDropped(reason);
    model.tapDropped(reason);

    Attributes pack = Attributes.of(Keys.REFUSAL_REASON, reason.value());
    Attributes ofModel = pack.toBuilder().put(Keys.MODEL_NAME, "minilm").build();
    assertThat(backend.counter("innerspan.pack.refusal", pack)).isEqualTo(1);
    assertThat(backend.counter("innerspan.graft.refusal", ofModel)).isEqualTo(1);
    assertThat(backend.counter("innerspan.signal.refusal", ofModel)).isEqualTo(1);
    assertThat(backend.counter("innerspan.graft.dropped_tap", ofModel)).isEqualTo(2);
    assertThat(RefusalReason.of(reason.value())).isEqualTo(reason);
  }

  @Test
  void fellBack_counts() {
    backend.model().fellBack();

    assertThat(
            backend.counter("innerspan.graft.fallback", Attributes.of(Keys.MODEL_NAME, "minilm")))
        .isEqualTo(1);
  }

  @Test
  void models_underEverNewNames_shareOneLabelInTheEnd() {
    for (int i = 0; i < 150; i++) {
      backend
          .recorder
          .model(new ModelNames("tmp" + i, null, "onnxruntime", "1"))
          .start(1, -1)
          .end(null, 0, null);
    }

    Attributes other =
        Attributes.builder()
            .put("innerspan.model.name", "_OTHER")
            .put("innerspan.engine.name", "onnxruntime")
            .build();
    assertThat(backend.histogram("innerspan.inference.duration", other).getCount()).isEqualTo(50);
    assertThat(backend.spans().get(149).getName()).isEqualTo("inference tmp149");
  }

  @Test
  void end_sdkThatThrows_isKeptFromTheCaller() {
    OpenTelemetrySdk broken =
        OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder().addSpanProcessor(new Throwing()).build())
            .build();
    Recorder recorder =
        new Recorder(new MetersOf(backend.sdk(), broken), RecorderSettings.all(), "0");
    ModelTelemetry model = recorder.model(Backend.NAMES);

    assertThatCode(() -> model.start(1, -1).end(null, 0, null)).doesNotThrowAnyException();
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
    assertThat(faults(FaultPlace.RECORD.value())).isPositive();
    broken.close();
  }

  @Test
  void start_withoutSdk_doesNothing() {
    ModelTelemetry model =
        new Recorder(OpenTelemetry.noop(), RecorderSettings.all(), "0").model(Backend.NAMES);
    Packs.on(model, List.of(Packs.probe("p", 0.5)));

    assertThatCode(() -> model.start(1, -1).end(new float[] {9, 1}, 1, null))
        .doesNotThrowAnyException();
  }

  private long faults(String place) {
    return backend.counter("innerspan.fault", Attributes.of(Keys.FAULT_PLACE, place));
  }

  /** One SDK's meters with another's tracers. */
  private record MetersOf(OpenTelemetrySdk meters, OpenTelemetrySdk tracers)
      implements OpenTelemetry {
    @Override
    public TracerProvider getTracerProvider() {
      return tracers.getTracerProvider();
    }

    @Override
    public MeterProvider getMeterProvider() {
      return meters.getMeterProvider();
    }

    @Override
    public ContextPropagators getPropagators() {
      return tracers.getPropagators();
    }
  }

  private static final class Throwing implements SpanProcessor {
    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
      return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
      throw new IllegalStateException("broken processor");
    }

    @Override
    public boolean isEndRequired() {
      return true;
    }
  }

  private static final class LogKeeper extends Handler {
    final List<LogRecord> records = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord entry) {
      records.add(entry);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
