package io.innerspan.djl.saliency;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import io.innerspan.djl.fixtures.Torch;

/** What models give for a row. */
final class Targets {
  static Target of(Block block, RowInputs row) throws SaliencyRefusedException {
    try (NDManager manager = Torch.manager()) {
      return Target.of(Torch.forward(block, row.repeated(manager, 1)), 1, 0);
    }
  }

  static Target of(Network network, RowInputs row) throws SaliencyRefusedException {
    try (NDManager manager = network.manager().newSubManager()) {
      return Target.of(network.run(row.repeated(manager, 1)), 1, 0);
    }
  }

  private Targets() {}
}
