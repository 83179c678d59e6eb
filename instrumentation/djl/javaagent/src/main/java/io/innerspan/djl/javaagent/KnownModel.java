package io.innerspan.djl.javaagent;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is found of a model when its first predictor is made, else when it is first predicted with.
 * Golden inputs may run then, and with them code of the application: whoever predicts with the same
 * model waits, and nobody else does. Thread-safe.
 */
final class KnownModel {
  private volatile @Nullable ReadModel found;

  ReadModel get(Supplier<ReadModel> find) {
    ReadModel known = found;
    return known == null ? findOnce(find) : known;
  }

  private synchronized ReadModel findOnce(Supplier<ReadModel> find) {
    ReadModel known = found;
    if (known == null) {
      known = find.get();
      found = known;
    }
    return known;
  }

  /** Null while nothing was found. */
  @Nullable ReadModel found() {
    return found;
  }
}
