package io.innerspan.djl.javaagent;

import io.opentelemetry.javaagent.innerspan.bridge.PredictionObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The texts among what applications predict with, where anybody wants them. */
final class Texts {
  private static final int MOST = 16;

  /**
   * Tells those among the first {@value #MOST} inputs or outputs that are text: strings, and arrays
   * and lists of strings.
   *
   * @param kind {@code input} or {@code output}
   */
  static void tell(PredictionObserver observer, String kind, @Nullable List<?> values) {
    if (values == null || !observer.capturesContent()) {
      return;
    }
    try {
      for (int i = 0; i < Math.min(MOST, values.size()); i++) {
        String text = text(values.get(i));
        if (text != null) {
          observer.content(kind, text);
        }
      }
    } catch (RuntimeException | LinkageError fault) { // The application's list.
      observer.fault("content", fault);
    }
  }

  private static @Nullable String text(@Nullable Object value) {
    if (value instanceof CharSequence text) {
      return text.toString();
    }
    if (value instanceof String[] texts) {
      return String.join("\n", texts);
    }
    if (value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof String) {
      return String.join("\n", list.stream().map(String::valueOf).toList());
    }
    return null;
  }

  private Texts() {}
}
