package io.innerspan.extension.governor;

import org.jspecify.annotations.Nullable;

/** Whether the JVM is short of memory. Thread-safe. */
@FunctionalInterface
public interface Pressure {
  /** None, ever. */
  Pressure NONE = () -> null;

  /** Why signals should wait, or null when they need not. */
  GovernorListener.@Nullable Reason reason();
}
