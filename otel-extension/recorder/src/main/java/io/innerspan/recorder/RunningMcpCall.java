package io.innerspan.recorder;

import io.innerspan.semconv.ContentKind;
import io.innerspan.semconv.FaultPlace;
import io.innerspan.semconv.InnerspanAttributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.javaagent.innerspan.bridge.McpCall;
import io.opentelemetry.javaagent.innerspan.bridge.McpMessage;
import io.opentelemetry.javaagent.innerspan.bridge.McpOutcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A message under way. In any thread. */
final class RunningMcpCall implements McpCall {
  /** Errors that are the sender's: for the receiver they are none, by the conventions. */
  private static final Set<Integer> OF_THE_SENDER = Set.of(-32700, -32600, -32601, -32602, -32002);

  private static final String TOOL_ERROR = "tool_error";
  private static final String CANCELLED = "cancelled";
  private static final int CODES = 64;
  private static final double SECONDS = 1e-9;

  /** Peers make their codes themselves. */
  private static final BoundedNames STATUS_CODES = new BoundedNames(CODES);

  private final McpTelemetry telemetry;
  private final McpMessage message;
  private final McpNames names;
  private final SpanKind kind;
  private final Span span;
  private final Context context;
  private final DoubleHistogram duration;
  private final long startNanos = System.nanoTime();
  private final AtomicBoolean ended = new AtomicBoolean();

  RunningMcpCall(
      McpTelemetry telemetry,
      McpMessage message,
      McpNames names,
      SpanKind kind,
      Span span,
      Context context,
      DoubleHistogram duration) {
    this.telemetry = telemetry;
    this.message = message;
    this.names = names;
    this.kind = kind;
    this.span = span;
    this.context = context;
    this.duration = duration;
  }

  @Override
  public Map<String, String> propagation() {
    Map<String, String> carrier = new LinkedHashMap<>();
    guarded(() -> telemetry.inject(context, carrier));
    return carrier;
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // By whoever enters.
  public Runnable enter() {
    try {
      Scope scope = context.makeCurrent();
      return () -> guarded(scope::close);
    } catch (Throwable fault) {
      telemetry.fault(FaultPlace.MCP.value(), fault);
      return () -> {};
    }
  }

  @Override
  public void id(String id) {
    guarded(() -> span.setAttribute(InnerspanAttributes.JSONRPC_REQUEST_ID, id));
  }

  @Override
  public void arguments(Object arguments) {
    guarded(() -> telemetry.content(ContentKind.TOOL_ARGUMENTS, arguments, context));
  }

  @Override
  public void end(McpOutcome outcome) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    double seconds = (System.nanoTime() - startNanos) * SECONDS;
    guarded(() -> tell(outcome, seconds));
    guarded(span::end);
  }

  private void tell(McpOutcome outcome, double seconds) {
    String statusCode =
        outcome.errorCode() == null ? null : STATUS_CODES.keep(String.valueOf(outcome.errorCode()));
    String errorType = errorType(outcome, statusCode);
    if (statusCode != null) {
      span.setAttribute(InnerspanAttributes.RPC_RESPONSE_STATUS_CODE, statusCode);
    }
    if (errorType != null) {
      span.setAttribute(InnerspanAttributes.ERROR_TYPE, errorType);
      span.setStatus(StatusCode.ERROR);
    }
    if (outcome.protocolVersion() != null) {
      span.setAttribute(InnerspanAttributes.MCP_PROTOCOL_VERSION, outcome.protocolVersion());
    }
    duration.record(seconds, names.labels(message, errorType, statusCode), context);
    if (outcome.result() != null) {
      telemetry.content(ContentKind.TOOL_RESULT, outcome.result(), context);
    }
  }

  private @Nullable String errorType(McpOutcome outcome, @Nullable String statusCode) {
    if (statusCode != null && outcome.errorCode() != null) {
      boolean ours = kind == SpanKind.CLIENT || !OF_THE_SENDER.contains(outcome.errorCode());
      return ours ? statusCode : null;
    }
    if (outcome.toolFailed()) {
      return TOOL_ERROR;
    }
    if (outcome.failure() != null) {
      return telemetry.errorType(outcome.failure());
    }
    return outcome.cancelled() ? CANCELLED : null;
  }

  private void guarded(Runnable recording) {
    try {
      recording.run();
    } catch (Throwable fault) {
      telemetry.fault(FaultPlace.MCP.value(), fault);
    }
  }
}
