package io.innerspan.djl;

import ai.djl.Device;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What lies on the devices that a model's inferences use: made once for each, and freed when it is
 * closed and no inference uses it any more, for the engine must not lose what it computes with.
 * Thread-safe; whoever closes does not wait.
 *
 * @param <T> what lies on a device
 */
public final class Placements<T extends AutoCloseable> implements AutoCloseable {
  private final Map<Device, T> placed = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** The inferences under way, and one more until it is closed; nothing is left to use at 0. */
  private final AtomicLong users = new AtomicLong(1);

  /**
   * What lies on a device, for an inference that begins: each one taken must be given back by
   * {@link #release}.
   *
   * @param place makes it where it is not there yet
   * @return null when this is closed
   */
  public @Nullable T take(Device device, Supplier<T> place) {
    if (closed.get() || users.getAndUpdate(n -> n == 0 ? 0 : n + 1) == 0) {
      return null;
    }
    T there = placed.get(device);
    if (there != null) {
      return there;
    }
    try {
      return placed.computeIfAbsent(device, any -> place.get());
    } catch (RuntimeException | Error e) {
      release();
      throw e;
    }
  }

  /** An inference that took something is over. */
  public void release() {
    if (users.decrementAndGet() == 0) {
      for (T there : placed.values()) {
        close(there);
      }
      placed.clear();
    }
  }

  private static void close(AutoCloseable there) {
    try {
      there.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      release();
    }
  }
}
