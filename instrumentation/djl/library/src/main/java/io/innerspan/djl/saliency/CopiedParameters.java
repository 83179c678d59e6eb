package io.innerspan.djl.saliency;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a block's parameters that has no gradient: what an application trains with gets none
 * from us. For one thread.
 *
 * <p>DJL's own store does not copy on PyTorch, although it can be told to: there an array that is
 * moved to its own device is the same tensor.
 */
final class CopiedParameters extends ParameterStore {
  private final Map<Parameter, NDArray> copies = new IdentityHashMap<>();
  private final NDManager manager;
  private final Autograd autograd;

  /** The copies belong to the manager, and are made when they are first asked for. */
  CopiedParameters(NDManager manager, Autograd autograd) {
    super(manager, true);
    this.manager = manager;
    this.autograd = autograd;
  }

  @Override
  @SuppressWarnings("NullAway") // Optional parameters may be missing, as in DJL's own store.
  public @Nullable NDArray getValue(
      @Nullable Parameter parameter, Device device, boolean training) {
    return parameter == null ? null : copies.computeIfAbsent(parameter, this::copy);
  }

  /** While gradients are recorded, a copy would hand its own on to the original. */
  private NDArray copy(Parameter parameter) {
    return autograd.recording(
        false,
        () -> {
          NDArray copy = parameter.getArray().duplicate();
          copy.attach(manager);
          return copy;
        });
  }
}
