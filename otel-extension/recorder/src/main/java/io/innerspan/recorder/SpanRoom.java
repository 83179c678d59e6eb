package io.innerspan.recorder;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a span that signals may still set. SDKs hold 128 per span and silently drop
 * what comes later; {@value #LIMIT} of them are for signals, and at most {@value #NO_PROBES} of
 * these for signals other than probes. Confined to one thread.
 */
final class SpanRoom {
  static final int LIMIT = 96;
  static final int NO_PROBES = 48;

  private final Span span;
  private int used;
  private int lastOmitted = -1;
  private int omitted;

  SpanRoom(Span span) {
    this.span = span;
  }

  /** Whether this many attributes fit; they are reserved then. */
  boolean take(int attributes) {
    if (used + attributes > NO_PROBES) {
      return false;
    }
    used += attributes;
    return true;
  }

  /** A signal is not, or not wholly, on the span. Each signal says so before the next begins. */
  void omit(int signal) {
    if (signal != lastOmitted) {
      lastOmitted = signal;
      omitted++;
    }
  }

  /** Sets an attribute that room was taken for; without a value, none. */
  <T> void set(AttributeKey<T> key, @Nullable T value) {
    if (value != null) {
      span.setAttribute(key, value);
    }
  }

  /** Likewise, a value that is not absent. */
  void set(AttributeKey<Double> key, double value) {
    if (!Double.isNaN(value)) {
      span.setAttribute(key, value);
    }
  }

  /** Likewise, at least one value. */
  <T> void setAll(AttributeKey<List<T>> key, @Nullable List<T> values) {
    if (values != null && !values.isEmpty()) {
      span.setAttribute(key, values);
    }
  }

  /** What is left for probes. */
  int left() {
    return LIMIT - used;
  }

  /** All signals other than probes have had their turn. */
  void end() {
    if (omitted > 0) {
      span.setAttribute(Keys.OMITTED_SIGNALS, (long) omitted);
    }
  }
}
