package io.innerspan.djl.saliency;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;

/** A block that is defined in Java, on a copy of its parameters. */
final class BlockNetwork implements Network {
  private final Block block;
  private final NDManager manager;
  private final Autograd autograd;
  private final CopiedParameters parameters;

  /**
   * @param manager is closed with the network
   */
  BlockNetwork(Block block, NDManager manager) throws SaliencyRefusedException {
    this.block = block;
    this.manager = manager;
    this.autograd = Autograd.of(manager.getEngine());
    this.parameters = new CopiedParameters(manager, autograd);
  }

  @Override
  public NDManager manager() {
    return manager;
  }

  @Override
  public Autograd autograd() {
    return autograd;
  }

  @Override
  public NDList run(NDList inputs) {
    return block.forward(parameters, inputs, false);
  }

  @Override
  public void close() {
    manager.close();
  }
}
