package io.innerspan.recorder;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Tells a recorder which spans have ended: a generation ends with its parent. Made before the SDK
 * is, and the recorder after it. To be the SDK's first processor: then generations are exported
 * before their parents, and when the SDK is shut down, before the exporter is.
 */
public final class ParentEnds implements SpanProcessor {
  private volatile @Nullable Generations generations;

  /** Tells these from now on. */
  void tell(Generations listening) {
    generations = listening;
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    Generations told = generations;
    if (told != null) {
      told.ended(span.getSpanContext());
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public CompletableResultCode shutdown() {
    Generations told = generations;
    if (told != null) {
      told.endAll();
    }
    return CompletableResultCode.ofSuccess();
  }
}
