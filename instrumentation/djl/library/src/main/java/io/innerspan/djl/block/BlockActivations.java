package io.innerspan.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import io.innerspan.signals.HookPoint;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What chosen blocks of a model that is defined in Java give. Many threads may run it, each a run
 * of its own.
 */
public final class BlockActivations {
  private final BlockNode root;
  private final Map<HookPoint, BlockSite> sites;
  private final List<String> inputs;

  private BlockActivations(BlockNode root, Map<HookPoint, BlockSite> sites, List<String> inputs) {
    this.root = root;
    this.sites = sites;
    this.inputs = inputs;
  }

  /**
   * Finds hook points.
   *
   * @param block the model's
   * @param hookPoints blocks by their path such as {@code 02layer/01attention}, TransformerLens'
   *     names for places between layers, or {@code output} and {@code output/1}
   * @param inputs the names of the block's inputs, in their order
   * @throws IllegalArgumentException when the model has no such block
   */
  public static BlockActivations of(Block block, List<HookPoint> hookPoints, List<String> inputs) {
    BlockNode root = BlockNode.tree(block);
    BlockSites all = new BlockSites(root);
    Map<HookPoint, BlockSite> sites = new HashMap<>();
    for (HookPoint hookPoint : hookPoints) {
      BlockSite site = all.site(hookPoint);
      if (site == null) {
        throw new IllegalArgumentException(hookPoint + ": " + all.expected(hookPoint));
      }
      sites.put(hookPoint, site);
    }
    return new BlockActivations(root, Map.copyOf(sites), List.copyOf(inputs));
  }

  /** The names of the model's inputs, in their order. */
  public List<String> inputs() {
    return inputs;
  }

  /** The only input that a name says to hold token ids, or null. */
  public @Nullable String ids() {
    return BlockInputs.onlyIds(inputs);
  }

  /** The only input that a name says to tell real tokens from padding, or null. */
  public @Nullable String mask() {
    return BlockInputs.onlyMask(inputs);
  }

  /**
   * The SHA-256 of the blocks' paths, classes and shapes of parameters, in lowercase hexadecimal.
   */
  public String structure() throws IOException {
    return BlockDigest.ofStructure(root);
  }

  /**
   * Begins a run of the model.
   *
   * @param manager owns the activations
   */
  public Run begin(NDManager manager) {
    return new Run(manager);
  }

  /** One run: it is told of the blocks, and keeps what the chosen ones give. */
  public final class Run implements BlockListener {
    private final NDManager manager;
    private final BlockPath path = new BlockPath(root);
    private final Map<Integer, NDArray> taken = new HashMap<>();

    private Run(NDManager manager) {
      this.manager = manager;
    }

    @Override
    public void enter(Block block) {
      path.enter(block);
    }

    @Override
    public void leave(@Nullable NDList outputs) {
      BlockNode node = path.leave();
      if (node != null && node.tap() >= 0 && outputs != null && !outputs.isEmpty()) {
        NDArray before = taken.put(node.tap(), copy(outputs.get(0)));
        if (before != null) {
          before.close();
        }
      }
    }

    /** A copy, because the model may change its own in place, or free it. */
    private NDArray copy(NDArray array) {
      // Of one type PyTorch converts without copying.
      NDArray copy =
          array.getDataType() == DataType.FLOAT32
              ? array.duplicate()
              : array.toType(DataType.FLOAT32, true);
      copy.attach(manager);
      return copy;
    }

    /**
     * The activation at a hook point, of 32-bit floats; the last one where a block was called more
     * than once.
     *
     * @param outputs what the root gave
     * @return null when the block was not called
     */
    public @Nullable NDArray find(NDList outputs, HookPoint hookPoint) {
      BlockSite site = sites.get(hookPoint);
      if (site == null) {
        throw new IllegalArgumentException("expected one of " + sites + ", found " + hookPoint);
      }
      if (!site.isOutput()) {
        return taken.get(site.tap());
      }
      NDArray output = BlockSite.find(site.output(), outputs);
      return output == null ? null : copy(output);
    }
  }
}
