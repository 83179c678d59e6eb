package io.innerspan.djl.saliency;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.innerspan.djl.torchscript.ScriptPatcher;
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
  public NDArray embedding(RowInputs inputs, NDManager manager) throws SaliencyRefusedException {
    NDList all = inputs.repeated(manager, 1);
    all.add(0, selector(manager, ScriptPatcher.ACTIVATION));
    NDList outputs = run(all);
    outputs.attach(manager);
    NDArray embedding = outputs.get(0);
    if (embedding.getShape().dimension() != 3 || embedding.getShape().get(0) != 1) {
      throw new SaliencyRefusedException(
          "expected an embedding [1, tokens, width], found " + embedding.getShape());
    }
    return embedding;
  }

  @Override
  public NDList run(NDList inputs, NDArray embedded) {
    NDList all = new NDList(inputs.size() + 2);
    all.add(selector(embedded.getManager(), ScriptPatcher.PATCHED));
    all.add(embedded);
    all.addAll(inputs);
    return run(all);
  }

  /** What has the engine run another method than forward. */
  private static NDArray selector(NDManager manager, String method) {
    NDArray selector = manager.create(0f);
    selector.setName(method);
    return selector;
  }

  @Override
  public void close() {
    model.close();
  }
}
