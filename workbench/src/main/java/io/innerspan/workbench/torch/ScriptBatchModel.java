package io.innerspan.workbench.torch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.innerspan.djl.archive.ArchiveRefusedException;
import io.innerspan.djl.torchscript.ScriptActivations;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.safetensors.DType;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.model.Activation;
import io.innerspan.workbench.model.BatchInput;
import io.innerspan.workbench.model.BatchModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A TorchScript archive on DJL's PyTorch engine: what its modules give. */
public final class ScriptBatchModel implements BatchModel {
  private static final String ENGINE = "PyTorch";

  private final Path file;
  private final List<HookPoint> hookPoints;
  private final ScriptActivations script;
  private final Model model;
  private final Path rewritten;

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
  }

  /**
   * Opens an archive.
   *
   * @throws BadInput when it is none, has no such modules, or the engine is not there
   */
  public static ScriptBatchModel open(Path file, List<HookPoint> hookPoints) throws IOException {
    InputFile.existing(file);
    requireEngine();
    Path folder = Files.createTempDirectory("innerspan-script");
    Path rewritten = folder.resolve("model.pt");
    Model model = null;
    try {
      ScriptActivations script = ScriptActivations.rewrite(file, rewritten, hookPoints);
      model = Model.newInstance("innerspan-capture", Device.cpu(), ENGINE);
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
      throw BadInput.in(file, "a TorchScript archive that PyTorch loads", first(e));
    }
  }

  private static void requireEngine() {
    // One thread for each batch: batches run beside each other, and bits repeat.
    if (System.getProperty("ai.djl.pytorch.num_threads") == null) {
      System.setProperty("ai.djl.pytorch.num_threads", "1");
      System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    }
    if (!Engine.hasEngine(ENGINE)) {
      throw new BadInput(
          "--engine djl: expected DJL's PyTorch engine on the class path (name its folder of jars"
              + " in INNERSPAN_PYTORCH), found "
              + (Engine.getAllEngines().isEmpty() ? "no engine" : Engine.getAllEngines()));
    }
  }

  private static String first(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
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

  /** The digest of the model's code, without weights. */
  public String structureDigest() {
    return script.code();
  }

  /** The input that takes token ids, or null. */
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
          inputs.add(array(tensor, manager));
        }
      }
      NDList outputs =
          block.forward(new ParameterStore(manager, false), script.select(inputs), false);
      List<Activation> activations = new ArrayList<>();
      for (HookPoint hookPoint : hookPoints) {
        activations.add(activation(hookPoint, script.find(outputs, hookPoint)));
      }
      return activations;
    } catch (BadInput e) {
      throw e;
    } catch (RuntimeException e) {
      throw BadInput.in(file, "a model that PyTorch runs on these inputs", first(e));
    }
  }

  private Activation activation(HookPoint hookPoint, @Nullable NDArray array) {
    long[] shape = array == null ? new long[0] : array.getShape().getShape();
    if (array == null || shape.length < 2) {
      throw BadInput.in(
          file,
          "an activation [batch, width], [batch, tokens, width] or [batch, channels, height, width]"
              + " at '"
              + hookPoint
              + "'",
          array == null ? "no call of the module" : array.getShape().toString());
    }
    ByteBuffer values = array.toByteBuffer().order(ByteOrder.nativeOrder());
    Tensor tensor = Tensor.ofFloats(values.asFloatBuffer(), shape);
    Activation.Layout layout =
        switch (shape.length) {
          case 2 -> Activation.Layout.ROWS;
          case 3 -> Activation.Layout.TOKENS;
          default -> Activation.Layout.CHANNELS;
        };
    return new Activation(tensor, layout);
  }

  private NDArray array(Tensor tensor, NDManager manager) {
    ByteBuffer data =
        ByteBuffer.allocateDirect(tensor.data().remaining()).order(ByteOrder.nativeOrder());
    data.put(tensor.data()).flip();
    return manager.create(data, new Shape(tensor.shape()), type(tensor.dtype()));
  }

  private DataType type(DType dtype) {
    return switch (dtype) {
      case F32 -> DataType.FLOAT32;
      case F64 -> DataType.FLOAT64;
      case F16 -> DataType.FLOAT16;
      case I64 -> DataType.INT64;
      case I32 -> DataType.INT32;
      case I8 -> DataType.INT8;
      case U8 -> DataType.UINT8;
      case BOOL -> DataType.BOOLEAN;
      default -> throw BadInput.in(file, "inputs of floats, integers or booleans", "" + dtype);
    };
  }

  @Override
  public String engine() {
    return "djl pytorch " + Engine.getEngine(ENGINE).getVersion();
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
