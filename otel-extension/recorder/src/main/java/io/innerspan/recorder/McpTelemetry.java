package io.innerspan.recorder;

import io.innerspan.recorder.content.JsonText;
import io.innerspan.semconv.ContentKind;
import io.innerspan.semconv.FaultPlace;
import io.innerspan.semconv.InnerspanMetrics;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.javaagent.innerspan.bridge.McpCall;
import io.opentelemetry.javaagent.innerspan.bridge.McpMessage;
import io.opentelemetry.javaagent.innerspan.bridge.McpObserver;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Spans and durations of messages of the Model Context Protocol, by OpenTelemetry's conventions for
 * it. Thread-safe; no method throws.
 */
final class McpTelemetry implements McpObserver {
  private static final int NAMES = 200;
  private static final int LONGEST_TEXT = 1 << 20;

  private final boolean spans;
  private final Tracer tracer;
  private final TextMapPropagator propagator;
  private final ContentEvents content;
  private final HealthCounters health;
  private final BoundedNames errors;
  private final DoubleHistogram sent;
  private final DoubleHistogram received;

  /** A peer says what methods and tools are called: only so many make series and span names. */
  private final BoundedNames names = new BoundedNames(NAMES);

  McpTelemetry(
      boolean spans,
      Tracer tracer,
      Meter meter,
      TextMapPropagator propagator,
      ContentEvents content,
      HealthCounters health,
      BoundedNames errors) {
    this.spans = spans;
    this.tracer = tracer;
    this.propagator = propagator;
    this.content = content;
    this.health = health;
    this.errors = errors;
    this.sent =
        Instruments.histogram(
            meter,
            InnerspanMetrics.MCP_CLIENT_OPERATION_DURATION,
            InnerspanMetrics.MCP_CLIENT_OPERATION_DURATION_UNIT,
            InnerspanMetrics.MCP_CLIENT_OPERATION_DURATION_DESCRIPTION,
            InnerspanMetrics.MCP_CLIENT_OPERATION_DURATION_BUCKETS);
    this.received =
        Instruments.histogram(
            meter,
            InnerspanMetrics.MCP_SERVER_OPERATION_DURATION,
            InnerspanMetrics.MCP_SERVER_OPERATION_DURATION_UNIT,
            InnerspanMetrics.MCP_SERVER_OPERATION_DURATION_DESCRIPTION,
            InnerspanMetrics.MCP_SERVER_OPERATION_DURATION_BUCKETS);
  }

  @Override
  public McpCall sends(McpMessage message) {
    try {
      return begin(message, SpanKind.CLIENT, Context.current(), SpanContext.getInvalid());
    } catch (Throwable fault) {
      fault(FaultPlace.MCP.value(), fault);
      return NoMcpCall.INSTANCE;
    }
  }

  @Override
  public McpCall receives(McpMessage message, Map<?, ?> meta) {
    try {
      Context ambient = Context.current();
      Context remote = propagator.extract(Context.root(), meta, MetaGetter.INSTANCE);
      if (!Span.fromContext(remote).getSpanContext().isValid()) {
        return begin(message, SpanKind.SERVER, ambient, SpanContext.getInvalid());
      }
      SpanContext transport = Span.fromContext(ambient).getSpanContext();
      return begin(message, SpanKind.SERVER, remote, transport);
    } catch (Throwable fault) {
      fault(FaultPlace.MCP.value(), fault);
      return NoMcpCall.INSTANCE;
    }
  }

  @Override
  public boolean capturesContent() {
    return content.isOn();
  }

  @Override
  public void fault(String place, Throwable fault) {
    health.fault(place, fault);
  }

  private McpCall begin(McpMessage message, SpanKind kind, Context parent, SpanContext link) {
    McpNames known = McpNames.of(message, names);
    DoubleHistogram duration = kind == SpanKind.CLIENT ? sent : received;
    if (!spans) {
      return new RunningMcpCall(this, message, known, kind, Span.getInvalid(), parent, duration);
    }
    SpanBuilder builder = tracer.spanBuilder(known.spanName()).setSpanKind(kind).setParent(parent);
    known.write(builder, message);
    if (link.isValid()) {
      builder.addLink(link);
    }
    Span span = builder.startSpan();
    return new RunningMcpCall(this, message, known, kind, span, parent.with(span), duration);
  }

  /** What the receiver needs to continue a trace. */
  void inject(Context context, Map<String, String> carrier) {
    propagator.inject(
        context, carrier, (map, key, value) -> Objects.requireNonNull(map).put(key, value));
  }

  /** The kind of a failure, from a bounded set. */
  String errorType(Throwable failure) {
    return errors.keep(failure.getClass().getName());
  }

  /** Reports what a tool is called with or gives. */
  void content(ContentKind kind, Object value, Context context) {
    if (content.takes(context)) {
      content.emit(kind, JsonText.of(value, LONGEST_TEXT), context);
    }
  }

  /** Reads what is text. */
  private enum MetaGetter implements TextMapGetter<Map<?, ?>> {
    INSTANCE;

    @Override
    public Iterable<String> keys(Map<?, ?> carrier) {
      return carrier.keySet().stream().map(String::valueOf).toList();
    }

    @Override
    public @Nullable String get(@Nullable Map<?, ?> carrier, String key) {
      return carrier != null && carrier.get(key) instanceof String text ? text : null;
    }
  }
}
