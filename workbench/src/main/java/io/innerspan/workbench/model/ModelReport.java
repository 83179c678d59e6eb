package io.innerspan.workbench.model;

import io.innerspan.onnxruntime.graft.ModelDescription;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.TapPoint;
import io.innerspan.onnxruntime.graft.TensorInfo;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code inspect} says of a file.
 *
 * @param layers the number of transformer layers
 * @param hookPoints where activations can be read
 * @param refused why nothing can be grafted, or null
 * @param structure the fingerprint of the graph without weights, or null when refused
 * @param sha256 of the whole file
 * @param irVersion of the ONNX format, or null when the file is not ONNX
 * @param opset of the standard operators, or null when the file is not ONNX
 * @param inputs the model's inputs
 * @param outputs the model's outputs
 * @param maskInput the attention mask, or null
 * @param model the scanned model, or null when the file is none
 */
public record ModelReport(
    int layers,
    List<TapPoint> hookPoints,
    @Nullable String refused,
    @Nullable String structure,
    String sha256,
    @Nullable Long irVersion,
    @Nullable Long opset,
    List<TensorInfo> inputs,
    List<TensorInfo> outputs,
    @Nullable String maskInput,
    @Nullable OnnxModel model) {
  /**
   * Reads a file; what is no model is described by the reason.
   *
   * @throws BadInput when it cannot be read
   */
  public static ModelReport of(Path file) {
    try {
      return read(file);
    } catch (IOException e) {
      throw BadInput.in(file, "a readable file", String.valueOf(e));
    }
  }

  private static ModelReport read(Path file) throws IOException {
    ModelDescription description = ModelDescription.of(file);
    OnnxModel model = null;
    try {
      model = OnnxModel.scan(file);
    } catch (ModelRefusedException e) {
      // The description gives the reason.
    }
    return new ModelReport(
        description.layers(),
        description.hookPoints(),
        description.refused(),
        description.structure(),
        Digests.sha256(file),
        model == null ? null : (Long) model.irVersion(),
        model == null ? null : (Long) model.opset(),
        description.inputs(),
        description.outputs(),
        description.maskInput(),
        model);
  }
}
