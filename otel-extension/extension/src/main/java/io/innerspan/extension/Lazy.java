package io.innerspan.extension;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value made when it is first asked for, once; whoever else asks meanwhile waits for it.
 *
 * <p>Not a {@code CompletableFuture}: classes of {@code java.util.concurrent} that are loaded
 * before the agent installs its transformers would have to be retransformed.
 */
final class Lazy<T> implements Supplier<T> {
  private final Supplier<T> maker;
  private volatile @Nullable T value;

  /**
   * @param maker makes the value; does not throw
   */
  Lazy(Supplier<T> maker) {
    this.maker = maker;
  }

  @Override
  public T get() {
    T made = value;
    return made != null ? made : make();
  }

  private synchronized T make() {
    T made = value;
    if (made == null) {
      made = maker.get();
      value = made;
    }
    return made;
  }
}
