package io.innerspan.djl.saliency;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import org.jspecify.annotations.Nullable;

/**
 * A block that is defined in Java, on a copy of its parameters.
 *
 * <p>It cannot be started behind its embedding. In the place of the embedding's table it gets one
 * with a row for each token of the batch, and in the place of the ids the numbers of those rows:
 * what it looks up is then what varies.
 */
final class BlockNetwork implements Network {
  private final Block block;
  private final NDManager manager;
  private final Autograd autograd;
  private final CopiedParameters parameters;
  private @Nullable EmbeddingTable table;

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
  public NDArray embedding(RowInputs inputs, NDManager within) throws SaliencyRefusedException {
    EmbeddingTable known = table;
    if (known == null) {
      known = EmbeddingTable.find(this, parameters, inputs, within);
      table = known;
    }
    NDArray rows = known.rows(parameters, inputs, within);
    return rows.reshape(new Shape(1).addAll(rows.getShape()));
  }

  @Override
  public NDList run(NDList inputs, NDArray embedded) {
    EmbeddingTable known = table;
    if (known == null) {
      throw new IllegalStateException("expected a table that was found, found none");
    }
    Shape shape = embedded.getShape();
    NDArray rows = embedded.reshape(shape.get(0) * shape.get(1), shape.get(2));
    return known.run(this, parameters, inputs, rows);
  }

  @Override
  public void close() {
    manager.close();
  }
}
