package io.innerspan.mcp.javaagent;

import io.innerspan.mcp.javaagent.McpMessages.Exchange;
import io.opentelemetry.javaagent.innerspan.bridge.McpCall;
import io.opentelemetry.javaagent.innerspan.bridge.McpOutcome;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;

/** A publisher whose subscription begins a message's span, and whose end ends it. */
final class ObservedMono<T> extends MonoOperator<T, T> {
  private final Exchange exchange;

  ObservedMono(Mono<T> source, Exchange exchange) {
    super(source);
    this.exchange = exchange;
  }

  @Override
  public void subscribe(CoreSubscriber<? super T> subscriber) {
    McpCall call;
    Runnable leave;
    try {
      call = exchange.begin();
      leave = call.enter();
    } catch (Throwable fault) {
      McpMessages.fault(fault);
      source.subscribe(subscriber);
      return;
    }
    try {
      observed(call).subscribe(subscriber);
    } finally {
      leave.run();
    }
  }

  private Mono<? extends T> observed(McpCall call) {
    AtomicBoolean ended = new AtomicBoolean();
    return source
        .doOnSuccess(answer -> end(call, ended, () -> exchange.outcome(answer)))
        .doOnError(failure -> end(call, ended, () -> Answers.of(failure)))
        .doOnCancel(() -> end(call, ended, () -> McpOutcome.CANCELLED));
  }

  private static void end(McpCall call, AtomicBoolean ended, Outcome outcome) {
    if (ended.compareAndSet(false, true)) {
      McpOutcome made = McpOutcome.DONE;
      try {
        made = outcome.made();
      } catch (Throwable fault) {
        McpMessages.fault(fault);
      }
      call.end(made);
    }
  }

  private interface Outcome {
    McpOutcome made();
  }
}
