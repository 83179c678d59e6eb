package io.innerspan.workbench.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.innerspan.onnxruntime.graft.Dimension;
import io.innerspan.onnxruntime.graft.Exposure;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.onnxruntime.graft.TapPoint;
import io.innerspan.onnxruntime.graft.TensorInfo;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.safetensors.DType;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A model in ONNX with whatever inputs. */
public final class OnnxBatchModel implements BatchModel {
  private final Path file;
  private final OnnxModel structure;
  private final OrtModel model;
  private final List<String> outputs;
  private final List<Activation.Layout> layouts;

  private OnnxBatchModel(
      Path file,
      OnnxModel structure,
      OrtModel model,
      List<String> outputs,
      List<Activation.Layout> layouts) {
    this.file = file;
    this.structure = structure;
    this.model = model;
    this.outputs = outputs;
    this.layouts = layouts;
  }

  /**
   * Opens a model.
   *
   * @throws BadInput when it is none, or an activation cannot be read
   */
  public static OnnxBatchModel open(Path file, List<HookPoint> hookPoints) {
    OnnxFile.existing(file);
    try {
      OnnxModel structure = OnnxModel.scan(file);
      if (structure.externalData()) {
        throw BadInput.in(file, "a model in one file", "weights in other files");
      }
      Exposure exposure = OverlayCompiler.expose(structure, hookPoints);
      if (!exposure.refusals().isEmpty()) {
        Map.Entry<HookPoint, String> refusal = exposure.refusals().entrySet().iterator().next();
        throw BadInput.in(
            file, "to read '" + refusal.getKey() + "'", "a refusal: " + refusal.getValue());
      }
      List<String> outputs = new ArrayList<>();
      List<Activation.Layout> layouts = new ArrayList<>();
      for (HookPoint hookPoint : hookPoints) {
        outputs.add(String.valueOf(exposure.outputs().get(hookPoint)));
        layouts.add(layout(file, hookPoint, structure.resolve(hookPoint)));
      }
      OrtModel model = new OrtModel(Files.readAllBytes(file), exposure.bytes());
      return new OnnxBatchModel(file, structure, model, outputs, layouts);
    } catch (ModelRefusedException e) {
      throw BadInput.in(file, "an ONNX model", e.reason());
    } catch (IOException e) {
      throw BadInput.in(file, "a readable file", String.valueOf(e));
    } catch (OrtException e) {
      throw OrtFailure.of(file, e);
    }
  }

  private static Activation.Layout layout(Path file, HookPoint at, @Nullable TapPoint tap) {
    Activation.Layout layout =
        switch (tap == null ? TapPoint.Layout.OTHER : tap.layout()) {
          case ROWS -> Activation.Layout.ROWS;
          case TOKENS -> Activation.Layout.TOKENS;
          case CHANNELS -> Activation.Layout.CHANNELS;
          default -> null;
        };
    if (layout != null) {
      return layout;
    }
    throw BadInput.in(
        file,
        "an activation [batch, width], [batch, tokens, width] or [batch, channels, ...] at '"
            + at
            + "'",
        tap == null ? "none" : tap.layout() + " " + tap.tensor().shapeText());
  }

  @Override
  public List<BatchInput> inputs() {
    List<BatchInput> inputs = new ArrayList<>();
    for (TensorInfo input : structure.inputs()) {
      List<Dimension> shape = input.shape();
      inputs.add(
          new BatchInput(
              input.name(),
              dtype(input),
              shape == null ? null : shape.stream().mapToLong(Dimension::size).toArray()));
    }
    return inputs;
  }

  private DType dtype(TensorInfo input) {
    return switch (input.type()) {
      case FLOAT -> DType.F32;
      case DOUBLE -> DType.F64;
      case FLOAT16 -> DType.F16;
      case INT64 -> DType.I64;
      case INT32 -> DType.I32;
      case INT8 -> DType.I8;
      case UINT8 -> DType.U8;
      case BOOL -> DType.BOOL;
      default ->
          throw BadInput.in(
              file,
              "inputs of floats, integers or booleans",
              "'" + input.name() + "' of " + input.type());
    };
  }

  @Override
  public @Nullable String mask() {
    return structure.maskInput();
  }

  @Override
  public List<Activation> run(Map<String, Tensor> batch) {
    try {
      List<Tensor> values = model.tensors(batch, outputs);
      List<Activation> activations = new ArrayList<>();
      for (int h = 0; h < values.size(); h++) {
        activations.add(new Activation(values.get(h), layouts.get(h)));
      }
      return activations;
    } catch (OrtException e) {
      throw OrtFailure.of(file, e);
    }
  }

  @Override
  public String engine() {
    return "onnxruntime " + OrtEnvironment.getEnvironment().getVersion();
  }

  /** The digest of the graph without weights. */
  public String structureDigest() {
    return structure.structure();
  }

  @Override
  public void close() {
    try {
      model.close();
    } catch (OrtException e) {
      throw new IllegalStateException("a session that cannot be closed", e);
    }
  }
}
