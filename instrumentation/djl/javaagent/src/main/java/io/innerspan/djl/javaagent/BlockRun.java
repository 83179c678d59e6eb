package io.innerspan.djl.javaagent;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.block.BlockCapture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of a predictor's block, from its beginning to its end. For one thread. */
final class BlockRun {
  private final BlockCapture capture;
  private final Consumer<CapturedReading> readings;
  private int depth;

  BlockRun(BlockCapture capture, Consumer<CapturedReading> readings) {
    this.capture = capture;
    this.readings = readings;
  }

  /** The block or one within it begins. */
  void begins(Block block) {
    depth++;
    capture.enter(block);
  }

  /**
   * The one that began last ends.
   *
   * @param outputs null when it failed
   * @return whether the run is over
   */
  boolean ends(@Nullable NDList outputs) {
    try {
      capture.leave(outputs);
    } finally {
      depth--;
    }
    if (depth > 0) {
      return false;
    }
    try (capture) {
      CapturedReading reading = capture.finish(outputs);
      if (reading != null) {
        readings.accept(reading);
      }
    }
    return true;
  }
}
