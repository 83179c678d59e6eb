package io.innerspan.onnxruntime.graft;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a person wants to know of a model before probing it.
 *
 * @param structure the structural fingerprint, or null when the model was refused as a whole
 * @param layers the number of transformer layers
 * @param hookPoints the places with TransformerLens names
 * @param inputs the model's inputs
 * @param outputs the model's outputs
 * @param maskInput the attention mask, or null
 * @param candidates places that can be read in any model; see {@link OnnxModel#candidates}
 * @param cache the cached keys and values that a decoder takes, or null
 * @param noLens why no logits can be computed from other layers' outputs, or null when they can
 * @param refused why there are no hook points, or null
 */
public record ModelDescription(
    @Nullable String structure,
    int layers,
    List<TapPoint> hookPoints,
    List<TensorInfo> inputs,
    List<TensorInfo> outputs,
    @Nullable String maskInput,
    List<TapPoint> candidates,
    @Nullable KvCache cache,
    @Nullable String noLens,
    @Nullable String refused) {
  static final String NO_LAYERS =
      "no transformer layers found (attention between additions to a residual stream); tensors can"
          + " be tapped by their own names only";

  public ModelDescription {
    hookPoints = List.copyOf(hookPoints);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    candidates = List.copyOf(candidates);
  }

  /**
   * Describes a model file; a refusal is part of the description.
   *
   * @throws IOException when the file cannot be read
   */
  public static ModelDescription of(Path file) throws IOException {
    try {
      return of(OnnxModel.scan(file));
    } catch (ModelRefusedException e) {
      return new ModelDescription(
          null, 0, List.of(), List.of(), List.of(), null, List.of(), null, e.reason(), e.reason());
    }
  }

  /** Describes a scanned model. */
  public static ModelDescription of(OnnxModel model) {
    return new ModelDescription(
        model.structure(),
        model.layers().size(),
        model.hookPoints(),
        model.inputs(),
        model.outputs(),
        model.maskInput(),
        model.candidates(),
        model.cache(),
        model.tailRefusal(),
        model.layers().isEmpty() ? NO_LAYERS : null);
  }
}
