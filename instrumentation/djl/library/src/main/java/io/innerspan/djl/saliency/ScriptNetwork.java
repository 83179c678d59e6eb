package io.innerspan.djl.saliency;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A TorchScript archive, loaded again with gradients. */
final class ScriptNetwork implements Network {
  private final Model model;
  private final Autograd autograd;

  private ScriptNetwork(Model model) throws SaliencyRefusedException {
    this.model = model;
    this.autograd = Autograd.of(model.getNDManager().getEngine());
  }

  static ScriptNetwork load(Path archive, Device device)
      throws IOException, SaliencyRefusedException {
    Model model = Model.newInstance("innerspan-saliency", device, "PyTorch");
    try {
      // Else its tensors would be made for inference alone.
      model.load(archive, null, Map.of("trainParam", "true"));
      ScriptNetwork network = new ScriptNetwork(model);
      network.freeze();
      return network;
    } catch (MalformedModelException | RuntimeException | SaliencyRefusedException e) {
      model.close();
      throw new SaliencyRefusedException("expected a TorchScript archive, found " + e, e);
    } catch (IOException | Error e) {
      model.close();
      throw e;
    }
  }

  /** Weights need no gradient; and the layers behave as they do in inference. */
  private void freeze() {
    model.getBlock().freezeParameters(true);
    autograd.evaluating(model.getBlock());
  }

  @Override
  public NDManager manager() {
    return model.getNDManager();
  }

  @Override
  public Autograd autograd() {
    return autograd;
  }

  @Override
  public NDList run(NDList inputs) {
    return autograd.run(model.getBlock(), inputs);
  }

  @Override
  public void close() {
    model.close();
  }
}
