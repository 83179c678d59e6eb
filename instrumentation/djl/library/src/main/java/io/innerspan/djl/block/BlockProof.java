package io.innerspan.djl.block;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.golden.GoldenProof;
import io.innerspan.djl.golden.GoldenRefusedException;
import io.innerspan.djl.golden.InputNames;
import io.innerspan.signals.pack.GoldenInput;
import org.jspecify.annotations.Nullable;

/**
 * Runs golden inputs on a model that is a block of Java: on the application's own block, as a
 * prediction runs it. What that makes is freed at once. For one thread.
 */
public final class BlockProof implements GoldenProof.Live<RuntimeException> {
  private final BlockPlan plan;
  private final NDManager near;
  private final Run run;

  /** Runs the root block. */
  public interface Run {
    /**
     * Runs it in inference.
     *
     * @param capture is told of each call of a block, asked for the reading, and closed
     * @param inputs in a manager of their own
     * @return null when the blocks told nothing
     */
    @Nullable CapturedReading run(BlockCapture capture, NDList inputs);
  }

  /**
   * @param near the model's manager
   */
  public BlockProof(BlockPlan plan, NDManager near, Run run) {
    this.plan = plan;
    this.near = near;
    this.run = run;
  }

  @Override
  public CapturedReading read(GoldenInput input) throws GoldenRefusedException {
    try (NDManager manager = near.newSubManager()) {
      NDList inputs = InputNames.ofBlock(plan.inputNames()).arrange(input, manager);
      BlockCapture capture = plan.begin(inputs, GoldenProof.ALL_GATES);
      if (capture == null) {
        throw new IllegalStateException("expected a plan of signals, found an empty one");
      }
      CapturedReading reading;
      try (capture) {
        reading = run.run(capture, inputs);
      } catch (RuntimeException e) {
        throw GoldenRefusedException.failed(e);
      }
      if (reading == null) {
        throw new GoldenRefusedException("a block that is not observed");
      }
      return reading;
    }
  }
}
