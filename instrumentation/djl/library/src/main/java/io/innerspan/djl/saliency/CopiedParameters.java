package io.innerspan.djl.saliency;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;

/**
 * A copy of a block's parameters that has no gradient: what an application trains with gets none
 * from us.
 */
final class CopiedParameters extends ParameterStore {
  private final Autograd autograd;

  /** The copies belong to the manager, and are made when they are first asked for. */
  CopiedParameters(NDManager manager, Autograd autograd) {
    super(manager, true);
    this.autograd = autograd;
  }

  @Override
  public NDArray getValue(Parameter parameter, Device device, boolean training) {
    // A copy that is made while gradients are recorded would hand its own on to the original.
    return autograd.recording(false, () -> super.getValue(parameter, device, false));
  }
}
