package io.innerspan.workbench.model;

import io.innerspan.signals.safetensors.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model of any engine that takes named tensors and gives activations. Threads may run batches at
 * once.
 */
public interface BatchModel extends AutoCloseable {
  /** What it takes. */
  List<BatchInput> inputs();

  /** The input that tells real tokens from padding, or null. */
  @Nullable String mask();

  /**
   * Runs one batch.
   *
   * @return by hook point, in the order in which the model was opened for them
   * @throws io.innerspan.workbench.data.BadInput when the model cannot run on these inputs
   */
  List<Activation> run(Map<String, Tensor> batch);

  /** What computes, with its version. */
  String engine();

  @Override
  void close();
}
