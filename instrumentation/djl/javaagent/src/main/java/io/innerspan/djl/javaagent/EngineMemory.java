package io.innerspan.djl.javaagent;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an engine says when it has no memory left, for which it has no type of its own. */
final class EngineMemory {
  /** Of libtorch: on the processor, and on its other devices. */
  private static final Pattern EXHAUSTED =
      Pattern.compile("can't allocate memory|not enough memory|out of memory");

  /** The error that Java would have thrown, or null where the engine failed otherwise. */
  static @Nullable OutOfMemoryError exhausted(RuntimeException failure) {
    String message = String.valueOf(failure.getMessage());
    if (!EXHAUSTED.matcher(message).find()) {
      return null;
    }
    OutOfMemoryError error = new OutOfMemoryError(message.lines().findFirst().orElse(""));
    error.initCause(failure);
    return error;
  }

  private EngineMemory() {}
}
