package io.innerspan.workbench.store;

import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.util.Map;

/** Inputs that are tensors, or become some. Threads may ask at once. */
public interface BatchSource {
  /** How many there are. */
  long count();

  /** What the store keeps of one. */
  StoreText text(long item);

  /** Inputs as the model takes them, by name, the batch first. */
  Map<String, Tensor> batch(long[] items) throws IOException;
}
