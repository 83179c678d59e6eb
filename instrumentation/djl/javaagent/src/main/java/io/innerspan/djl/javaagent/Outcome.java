package io.innerspan.djl.javaagent;

import org.jspecify.annotations.Nullable;

/**
 * What a call that we made in the application's stead came to: its value or what it threw. An
 * array, because advice hands the two on by their index.
 */
final class Outcome {
  static final int VALUE = 0;
  static final int FAILURE = 1;

  static Object[] value(@Nullable Object value) {
    return of(value, null);
  }

  static Object[] failure(Throwable failure) {
    return of(null, failure);
  }

  @SuppressWarnings("NullAway") // Exactly one of the two is null.
  private static Object[] of(@Nullable Object value, @Nullable Throwable failure) {
    return new Object[] {value, failure};
  }

  private Outcome() {}
}
