package io.innerspan.djl.saliency;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import io.innerspan.djl.archive.ArchiveRefusedException;
import io.innerspan.djl.torchscript.EmbeddingSite;
import io.innerspan.djl.torchscript.ScriptPatcher;
import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.innerspan.signals.saliency.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model on the PyTorch engine whose inferences can be explained, on weights of its own. Explains
 * in one thread at a time; any thread may close it, and waits for one run at most.
 */
public final class ExplainedModel implements AutoCloseable {
  private static final String ENGINE = "PyTorch";

  private final Network network;
  private final boolean tokens;
  private final Passage passage = new Passage();

  private ExplainedModel(Network network, boolean tokens) {
    this.network = network;
    this.tokens = tokens;
  }

  /**
   * A model of blocks that are defined in Java. The copy of its parameters is made at the first
   * explanation, when for models of tokens the embedding's table is found too.
   *
   * @param inputs of an inference
   * @throws SaliencyRefusedException when it cannot be explained
   */
  public static ExplainedModel ofBlock(Block block, Device device, RowInputs inputs)
      throws SaliencyRefusedException {
    boolean tokens = inputs.floating() < 0;
    if (tokens) {
      inputs.ids(); // Else it is refused before anything is copied.
    }
    NDManager manager = NDManager.newBaseManager(device, ENGINE);
    try {
      return new ExplainedModel(new BlockNetwork(block, manager), tokens);
    } catch (SaliencyRefusedException | RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /**
   * A TorchScript archive, loaded once more. For models of tokens what is loaded is a copy of it
   * that can start behind the embedding.
   *
   * @param inputs of an inference
   * @throws SaliencyRefusedException when it cannot be explained
   */
  public static ExplainedModel ofScript(Path archive, Device device, RowInputs inputs)
      throws IOException, SaliencyRefusedException {
    if (inputs.floating() >= 0) {
      return new ExplainedModel(ScriptNetwork.load(archive, device), false);
    }
    Path patchable = Files.createTempFile("innerspan", ".pt");
    try {
      ScriptPatcher.rewrite(archive, patchable, EmbeddingSite.of(archive));
      return new ExplainedModel(ScriptNetwork.load(patchable, device), true);
    } catch (ArchiveRefusedException e) {
      throw new SaliencyRefusedException(String.valueOf(e.getMessage()), e);
    } finally {
      Files.deleteIfExists(patchable);
    }
  }

  /**
   * Explains one row of an inference.
   *
   * @param target what the application's model gave for it
   * @throws SaliencyRefusedException when it cannot be explained
   * @throws java.util.concurrent.CancellationException when the model is closed meanwhile
   */
  public Explanation explain(
      RowInputs inputs, Target target, SaliencyMethod method, Baseline baseline)
      throws SaliencyRefusedException {
    Subjects subjects = new Subjects(network, passage);
    if (tokens != inputs.floating() < 0) {
      throw new SaliencyRefusedException("expected inputs like those of the first explanation");
    }
    Subject subject =
        tokens
            ? subjects.tokens(inputs, target, baseline)
            : subjects.features(inputs, target, baseline);
    Baseline named = !tokens && baseline == Baseline.PADDING ? Baseline.ZERO : baseline;
    return new Explanation(method.explain(subject), tokens, named, target.element());
  }

  @Override
  public void close() {
    passage.close(network::close);
  }
}
