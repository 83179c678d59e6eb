package io.innerspan.workbench.torch;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.Gating;
import io.innerspan.djl.block.BlockCapture;
import io.innerspan.djl.block.BlockPlan;
import io.innerspan.djl.block.BlockProof;
import io.innerspan.djl.golden.GoldenRefusedException;
import io.innerspan.signals.Probe;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.workbench.data.BadInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model whose blocks are defined in Java, with a probe that is read while they run. */
final class BlockLiveProbe implements LiveProbe {
  private final Path folder;
  private final Probe probe;
  private final Model model;
  private final BlockPlan plan;

  private BlockLiveProbe(Path folder, Probe probe, Model model, BlockPlan plan) {
    this.folder = folder;
    this.probe = probe;
    this.model = model;
    this.plan = plan;
  }

  static BlockLiveProbe open(Path folder, Probe probe) throws IOException {
    TorchEngine.require();
    Model model = BlockFolder.load(folder);
    BlockPlan plan = BlockPlan.of(model.getBlock(), List.of(probe), Gating.none());
    if (plan.isEmpty()) {
      plan.close();
      model.close();
      throw LiveProbe.refused(folder, probe, plan.refusals().get(probe.id()));
    }
    return new BlockLiveProbe(folder, probe, model, plan);
  }

  @Override
  public float[] read(GoldenInput batch) {
    BlockProof proof = new BlockProof(plan, model.getNDManager(), this::run);
    try {
      return LiveProbe.logits(folder, probe, proof.read(batch));
    } catch (GoldenRefusedException e) {
      throw BadInput.in(
          folder, "a model that the agent reads on these inputs", TorchEngine.first(e));
    }
  }

  private @Nullable CapturedReading run(BlockCapture capture, NDList inputs) {
    try (capture) {
      Block block = model.getBlock();
      ParameterStore parameters = new ParameterStore(inputs.get(0).getManager(), false);
      NDList outputs =
          ObservedForward.during(capture, () -> block.forward(parameters, inputs, false));
      return capture.finish(outputs);
    }
  }

  @Override
  public void close() {
    plan.close();
    model.close();
  }
}
