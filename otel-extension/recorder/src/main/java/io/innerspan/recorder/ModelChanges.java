package io.innerspan.recorder;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which content was last opened under a place or name, of models or of their tokenizers:
 * of {@value #MODELS} at most, and of more those that came last. Thread-safe.
 */
final class ModelChanges {
  static final int MODELS = 1000;

  private final Map<String, String> digests =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MODELS;
        }
      };

  /** The digest that was there last, or null. */
  synchronized @Nullable String last(String lasting) {
    return digests.get(lasting);
  }

  /** The digest that was there before, if it was another one; else null. */
  synchronized @Nullable String opened(String lasting, String digest) {
    String before = digests.put(lasting, digest);
    return before == null || before.equals(digest) ? null : before;
  }
}
