package io.innerspan.workbench.torch;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.Gating;
import io.innerspan.djl.block.BlockCapture;
import io.innerspan.djl.block.BlockPlan;
import io.innerspan.djl.block.BlockProof;
import io.innerspan.djl.golden.GoldenProof;
import io.innerspan.djl.torchscript.CaptureRefusedException;
import io.innerspan.djl.torchscript.RewrittenScript;
import io.innerspan.djl.torchscript.ScriptCapture;
import io.innerspan.djl.torchscript.ScriptProof;
import io.innerspan.djl.torchscript.ScriptRewriter;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.workbench.model.TokenIds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the agent's library for DJL reads of a pack with one probe: a batch of all texts, padded on
 * the right.
 *
 * @param logits by text
 * @param proof what came of the pack's golden inputs
 */
@SuppressWarnings("ArrayRecordComponent")
public record LibraryReadings(float[] logits, GoldenProof proof) {
  /** In a TorchScript archive. */
  public static LibraryReadings ofScript(Path archive, ProbePack pack, List<TokenIds> texts)
      throws Exception {
    TorchEngine.require();
    Path rewritten = Files.createTempFile("rewritten", ".pt");
    RewrittenScript script =
        ScriptRewriter.rewrite(archive, rewritten, pack.signals(), Gating.none());
    try (Model first = loaded(rewritten);
        Model second = loaded(rewritten);
        NDManager manager = first.getNDManager().newSubManager();
        ScriptCapture capture = new ScriptCapture(script);
        ScriptProof live = new ScriptProof(script, manager, any -> second.getBlock())) {
      NDList prepared = capture.prepare(inputs(manager, texts), 0);
      NDList outputs =
          first.getBlock().forward(new ParameterStore(manager, false), prepared, false);
      CapturedReading reading = capture.finish(outputs, 0);
      return new LibraryReadings(
          logits(reading), GoldenProof.of(List.of(pack), script.layout(), live));
    } catch (CaptureRefusedException e) {
      throw new AssertionError(e);
    } finally {
      Files.delete(rewritten);
    }
  }

  private static Model loaded(Path archive) throws Exception {
    Model model = Model.newInstance("test", Device.cpu(), TorchEngine.NAME);
    model.load(archive);
    return model;
  }

  /**
   * In a model of Java.
   *
   * @param names what the application calls its arrays; none where the block declares that
   */
  public static LibraryReadings ofBlocks(
      Path folder, ProbePack pack, List<TokenIds> texts, String... names) throws Exception {
    TorchEngine.require();
    try (Model model = BlockFolder.load(folder);
        NDManager manager = model.getNDManager().newSubManager();
        BlockPlan plan = BlockPlan.of(model.getBlock(), pack.signals(), Gating.none())) {
      NDList inputs = inputs(manager, texts);
      for (int i = 0; i < names.length; i++) {
        inputs.get(i).setName(names[i]);
      }
      CapturedReading reading =
          run(model.getBlock(), plan.begin(inputs, GoldenProof.ALL_GATES), inputs);
      BlockProof live =
          new BlockProof(
              plan, manager, (capture, golden) -> run(model.getBlock(), capture, golden));
      return new LibraryReadings(
          logits(reading), GoldenProof.of(List.of(pack), plan.layout(), live));
    }
  }

  private static CapturedReading run(Block block, BlockCapture capture, NDList inputs) {
    ParameterStore parameters = new ParameterStore(inputs.get(0).getManager(), false);
    try (capture) {
      return capture.finish(
          ObservedForward.during(capture, () -> block.forward(parameters, inputs, false)));
    }
  }

  private static NDList inputs(NDManager manager, List<TokenIds> texts) {
    int longest = texts.stream().mapToInt(TokenIds::length).max().orElseThrow();
    long[] ids = new long[texts.size() * longest];
    long[] mask = new long[ids.length];
    for (int row = 0; row < texts.size(); row++) {
      for (int token = 0; token < texts.get(row).length(); token++) {
        ids[row * longest + token] = texts.get(row).ids()[token];
        mask[row * longest + token] = 1;
      }
    }
    Shape shape = new Shape(texts.size(), longest);
    NDArray first = manager.create(ids, shape);
    return new NDList(first, manager.create(mask, shape));
  }

  private static float[] logits(CapturedReading reading) {
    if (!reading.refusals().isEmpty()) {
      throw new AssertionError(reading.refusals());
    }
    float[] logits = new float[reading.rows()];
    for (int row = 0; row < logits.length; row++) {
      logits[row] = reading.values()[row * (reading.values().length / logits.length)];
    }
    return logits;
  }
}
