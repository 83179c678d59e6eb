package io.innerspan.extension.delivery;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A request under way. Used by one thread. */
final class Sending {
  /** A request that takes longer than this: the receiver is slow. */
  static final long SLOW = TimeUnit.SECONDS.toNanos(1);

  /** A request that takes longer than this is sent again. */
  static final long LOST = TimeUnit.MINUTES.toNanos(2);

  private final Request request;
  private final CompletableResultCode result;
  private final long since;
  private @Nullable Stored stored;

  /**
   * @param stored where it lies on disk; null when it is the first in memory
   */
  Sending(Request request, CompletableResultCode result, long since, @Nullable Stored stored) {
    this.request = request;
    this.result = result;
    this.since = since;
    store(stored);
  }

  Request request() {
    return request;
  }

  @Nullable Stored stored() {
    return stored;
  }

  /** From now on it lies on disk. */
  void store(@Nullable Stored place) {
    stored = place;
    if (place != null) {
      place.sending = true;
    }
  }

  /** What became of it; null while it is under way. */
  @Nullable Answer answer(long now) {
    if (!result.isDone()) {
      return now - since < LOST ? null : Answer.LATER;
    }
    return Answer.of(result);
  }

  /** Why it failed. */
  String failure() {
    return String.valueOf(result.getFailureThrowable());
  }

  boolean isSlow(long now) {
    return now - since >= SLOW;
  }

  /** In how many nanoseconds there is something to do for it. */
  long due(long now) {
    long age = now - since;
    return result.isDone() ? 0 : Math.max(0, (age < SLOW ? SLOW : LOST) - age);
  }
}
