package io.innerspan.workbench.torch;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.innerspan.djl.block.BlockActivations;
import io.innerspan.djl.block.BlockDigest;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.model.Activation;
import io.innerspan.workbench.model.BatchInput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A model whose blocks are defined in Java, on DJL's PyTorch engine: what its blocks give. */
final class BlockBatchModel implements TorchModel {
  private final Path folder;
  private final List<HookPoint> hookPoints;
  private final Model model;
  private final BlockActivations activations;
  private final TorchArrays arrays;

  private BlockBatchModel(
      Path folder, List<HookPoint> hookPoints, Model model, BlockActivations activations) {
    this.folder = folder;
    this.hookPoints = hookPoints;
    this.model = model;
    this.activations = activations;
    this.arrays = new TorchArrays(folder);
  }

  static BlockBatchModel open(Path folder, List<HookPoint> hookPoints, List<String> inputNames)
      throws IOException {
    TorchEngine.require();
    Model model = BlockFolder.load(folder);
    try {
      List<String> names = names(model, inputNames);
      return new BlockBatchModel(
          folder, hookPoints, model, BlockActivations.of(model.getBlock(), hookPoints, names));
    } catch (IllegalArgumentException e) {
      model.close();
      throw BadInput.in(folder, "a model with these blocks", TorchEngine.first(e));
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** The names that were given, else those that the model was saved with. */
  private static List<String> names(Model model, List<String> given) {
    List<String> own = model.describeInput().keys();
    if (given.isEmpty()) {
      return own;
    }
    if (given.size() != own.size() || new HashSet<>(given).size() != given.size()) {
      throw new BadInput(
          "--input-names: expected different names for the model's inputs "
              + own
              + ", found "
              + given);
    }
    return given;
  }

  @Override
  public List<BatchInput> inputs() {
    return activations.inputs().stream().map(name -> new BatchInput(name, null, null)).toList();
  }

  @Override
  public String sha256() throws IOException {
    return BlockDigest.of(model.getBlock());
  }

  @Override
  public String structureDigest() throws IOException {
    return activations.structure();
  }

  @Override
  public @Nullable String ids() {
    return activations.ids();
  }

  @Override
  public @Nullable String mask() {
    return activations.mask();
  }

  @Override
  public List<Activation> run(Map<String, Tensor> batch) {
    Block block = model.getBlock();
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDList inputs = new NDList();
      for (String name : activations.inputs()) {
        Tensor tensor = batch.get(name);
        if (tensor == null) {
          throw new IllegalArgumentException("no input '" + name + "'");
        }
        NDArray array = arrays.array(tensor, manager);
        array.setName(name);
        inputs.add(array);
      }
      BlockActivations.Run run = activations.begin(manager);
      // As a predictor does: parameters on the model's device stay where they are.
      ParameterStore parameters = new ParameterStore(manager, false);
      NDList outputs = ObservedForward.during(run, () -> block.forward(parameters, inputs, false));
      return arrays.activations(hookPoints, hookPoint -> run.find(outputs, hookPoint));
    } catch (BadInput e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw BadInput.in(folder, "a model that runs on these inputs", TorchEngine.first(e));
    }
  }

  @Override
  public String engine() {
    return TorchEngine.version();
  }

  @Override
  public void close() {
    model.close();
  }
}
