package io.innerspan.djl.javaagent;

import ai.djl.ndarray.NDList;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.block.BlockCapture;
import io.innerspan.djl.block.BlockPlan;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a model that is defined in Java while its blocks run. Thread-safe. */
final class BlockReader {
  private final BlockPlan plan;
  private final boolean alwaysReads;

  BlockReader(BlockPlan plan) {
    this.plan = plan;
    this.alwaysReads = WantedSignals.anyAlwaysOpen(plan.layout());
  }

  /**
   * The model's own block begins.
   *
   * @param inputs of it
   * @param readings takes what is read, if anything is
   * @return null when nothing is to be read
   */
  @Nullable BlockRun begin(
      @Nullable NDList inputs, long openGates, Consumer<CapturedReading> readings) {
    if (inputs == null || (openGates == 0 && !alwaysReads)) {
      return null;
    }
    BlockCapture capture = plan.begin(inputs, openGates);
    return capture == null ? null : new BlockRun(capture, readings);
  }

  void close() {
    plan.close();
  }
}
