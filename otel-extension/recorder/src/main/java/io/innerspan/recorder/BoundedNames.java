package io.innerspan.recorder;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a label's values few: the first ones stay, later ones become {@code _OTHER}. Thread-safe;
 * under contention a few more than the limit may stay.
 */
final class BoundedNames {
  static final int MODELS = 100;
  static final int ERRORS = 32;
  static final String OTHER = "_OTHER";

  private final int limit;
  private final Set<String> kept = ConcurrentHashMap.newKeySet();

  BoundedNames(int limit) {
    this.limit = limit;
  }

  String keep(String name) {
    if (kept.contains(name)) {
      return name;
    }
    if (kept.size() >= limit) {
      return OTHER;
    }
    kept.add(name);
    return name;
  }

  /** Whether a name is kept and was not before. */
  boolean isFirst(String name) {
    return kept.size() < limit && kept.add(name);
  }
}
