package io.innerspan.djl.javaagent;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import org.jspecify.annotations.Nullable;

/** What the blocks that run in a thread are part of. */
interface BlockWork {
  /**
   * A block begins.
   *
   * @return whether its end is to be told
   */
  boolean blockBegins(Block begun, @Nullable NDList inputs);

  /**
   * The block that began last ends.
   *
   * @param outputs null when it failed
   */
  void blockEnds(@Nullable NDList outputs);
}
