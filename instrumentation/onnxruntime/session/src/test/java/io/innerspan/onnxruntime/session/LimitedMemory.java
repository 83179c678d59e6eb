package io.innerspan.onnxruntime.session;

import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMemory;

/** Memory up to a limit. */
final class LimitedMemory implements SaliencyMemory {
  long limit = 1 << 20;
  long taken;

  @Override
  public boolean reserve(long bytes) {
    boolean fits = taken + bytes <= limit;
    taken += fits ? bytes : 0;
    return fits;
  }

  @Override
  public void release(long bytes) {
    taken -= bytes;
  }
}
