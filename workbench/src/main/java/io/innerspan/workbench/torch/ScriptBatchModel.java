package io.innerspan.workbench.torch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.innerspan.djl.archive.ArchiveRefusedException;
import io.innerspan.djl.torchscript.ScriptActivations;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.model.Activation;
import io.innerspan.workbench.model.BatchInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A TorchScript archive on DJL's PyTorch engine: what its modules give. */
final class ScriptBatchModel implements TorchModel {
  private final Path file;
  private final List<HookPoint> hookPoints;
  private final ScriptActivations script;
  private final Model model;
  private final Path rewritten;
  private final TorchArrays arrays;

  private ScriptBatchModel(
      Path file,
      List<HookPoint> hookPoints,
      ScriptActivations script,
      Model model,
      Path rewritten) {
    this.file = file;
    this.hookPoints = hookPoints;
    this.script = script;
    this.model = model;
    this.rewritten = rewritten;
    this.arrays = new TorchArrays(file);
  }

  /**
   * Opens an archive.
   *
   * @throws BadInput when it is none, has no such modules, or the engine is not there
   */
  static ScriptBatchModel open(Path file, List<HookPoint> hookPoints) throws IOException {
    InputFile.existing(file);
    TorchEngine.require();
    Path folder = Files.createTempDirectory("innerspan-script");
    Path rewritten = folder.resolve("model.pt");
    Model model = null;
    try {
      ScriptActivations script = ScriptActivations.rewrite(file, rewritten, hookPoints);
      model = Model.newInstance("innerspan-capture", Device.cpu(), TorchEngine.NAME);
      model.load(rewritten);
      return new ScriptBatchModel(file, hookPoints, script, model, rewritten);
    } catch (ArchiveRefusedException e) {
      delete(rewritten);
      throw BadInput.in(
          file, "a TorchScript archive with these modules", String.valueOf(e.getMessage()));
    } catch (MalformedModelException | RuntimeException e) {
      if (model != null) {
        model.close();
      }
      delete(rewritten);
      throw BadInput.in(file, "a TorchScript archive that PyTorch loads", TorchEngine.first(e));
    }
  }

  private static void delete(Path rewritten) throws IOException {
    Files.deleteIfExists(rewritten);
    Path folder = rewritten.getParent();
    if (folder != null) {
      Files.deleteIfExists(folder);
    }
  }

  @Override
  public List<BatchInput> inputs() {
    List<BatchInput> inputs = new ArrayList<>();
    List<String> names = script.inputs().names();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      // What may be left out is, but for the mask.
      if (i < script.inputs().required() || name.equals(mask())) {
        inputs.add(new BatchInput(name, null, null));
      }
    }
    return inputs;
  }

  @Override
  public String sha256() throws IOException {
    return Digests.sha256(file);
  }

  @Override
  public String structureDigest() {
    return script.code();
  }

  @Override
  public @Nullable String ids() {
    return script.ids();
  }

  @Override
  public @Nullable String mask() {
    return script.mask();
  }

  @Override
  public List<Activation> run(Map<String, Tensor> batch) {
    Block block = model.getBlock();
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDList inputs = new NDList();
      for (String name : script.inputs().names()) {
        Tensor tensor = batch.get(name);
        if (tensor != null) {
          inputs.add(arrays.array(tensor, manager));
        }
      }
      NDList outputs =
          block.forward(new ParameterStore(manager, false), script.select(inputs), false);
      return arrays.activations(hookPoints, hookPoint -> script.find(outputs, hookPoint));
    } catch (BadInput e) {
      throw e;
    } catch (RuntimeException e) {
      throw BadInput.in(file, "a model that PyTorch runs on these inputs", TorchEngine.first(e));
    }
  }

  @Override
  public String engine() {
    return TorchEngine.version();
  }

  @Override
  public void close() {
    model.close();
    try {
      delete(rewritten);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
