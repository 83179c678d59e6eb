package io.innerspan.djl.javaagent;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.block.BlockCapture;
import io.innerspan.djl.block.BlockPlan;
import io.innerspan.djl.block.BlockProof;
import org.jspecify.annotations.Nullable;

/** A run of a model's block on a golden input, by us and not by a predictor. For one thread. */
final class GoldenRun implements BlockWork {
  private final BlockRun run;
  private @Nullable CapturedReading reading;

  private GoldenRun(BlockCapture capture) {
    this.run = new BlockRun(capture, read -> reading = read);
  }

  /** Runs a model's block on golden inputs, observed as in predictions. */
  static BlockProof proof(BlockPlan plan, Model model, Block block) {
    return new BlockProof(
        plan, model.getNDManager(), (capture, inputs) -> new GoldenRun(capture).of(block, inputs));
  }

  private @Nullable CapturedReading of(Block block, NDList inputs) {
    // As a predictor does: parameters on the model's device stay where they are.
    ParameterStore parameters = new ParameterStore(inputs.get(0).getManager(), false);
    Predictions.during(this, () -> block.forward(parameters, inputs, false));
    return reading;
  }

  @Override
  public boolean blockBegins(Block begun, @Nullable NDList inputs) {
    run.begins(begun);
    return true;
  }

  @Override
  public void blockEnds(@Nullable NDList outputs) {
    run.ends(outputs);
  }
}
