package io.innerspan.extension.saliency;

import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMemory;

/** Counts the bytes that are taken. */
final class MemoryLimit implements SaliencyMemory {
  private final long limit;
  private long taken;

  MemoryLimit(long limit) {
    this.limit = limit;
  }

  @Override
  public synchronized boolean reserve(long bytes) {
    if (bytes < 0 || bytes > limit - taken) {
      return false;
    }
    taken += bytes;
    return true;
  }

  @Override
  public synchronized void release(long bytes) {
    taken -= bytes;
  }

  synchronized long taken() {
    return taken;
  }
}
