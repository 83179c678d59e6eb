package io.innerspan.djl.saliency;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
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
  private final List<Parameter> asked = new ArrayList<>();
  private @Nullable Parameter replaced;
  private @Nullable NDArray replacement;

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
    if (parameter == null) {
      return null;
    }
    return parameter == replaced ? replacement : copyOf(parameter);
  }

  /** Those that were asked for, in the order of the first time. */
  List<Parameter> asked() {
    return List.copyOf(asked);
  }

  /** The copy of a parameter. */
  NDArray copyOf(Parameter parameter) {
    return copies.computeIfAbsent(parameter, this::copy);
  }

  /** Works with another array in the place of a parameter's. */
  <T> T replacing(Parameter parameter, NDArray other, Supplier<T> work) {
    replaced = parameter;
    replacement = other;
    try {
      return work.get();
    } finally {
      replaced = null;
      replacement = null;
    }
  }

  /** While gradients are recorded, a copy would hand its own on to the original. */
  private NDArray copy(Parameter parameter) {
    asked.add(parameter);
    return autograd.recording(
        false,
        () -> {
          NDArray copy = parameter.getArray().duplicate();
          copy.attach(manager);
          return copy;
        });
  }
}
