package io.innerspan.djl.block;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import org.jspecify.annotations.Nullable;

/**
 * Is told when blocks run: {@link #enter} and {@link #leave} frame each call of a block's forward,
 * the root's too. For the thread that runs the blocks.
 */
public interface BlockListener {
  /** A block is about to run. */
  void enter(Block block);

  /**
   * The block that was entered last has run.
   *
   * @param outputs what it gave, or null when it failed; not changed
   */
  void leave(@Nullable NDList outputs);
}
