package io.innerspan.onnxruntime.graft;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a person wants to know of a model before probing it.
 *
 * @param structure the structural fingerprint, or null when the model was refused
 * @param layers the number of transformer layers
 * @param hookPoints the places with TransformerLens names
 * @param inputs the model's inputs
 * @param outputs the model's outputs
 * @param maskInput the attention mask, or null
 * @param refused why nothing can be grafted at hook points, or null
 */
public record ModelDescription(
    @Nullable String structure,
    int layers,
    List<TapPoint> hookPoints,
    List<TensorInfo> inputs,
    List<TensorInfo> outputs,
    @Nullable String maskInput,
    @Nullable String refused) {
  public static ModelDescription of(Path file) throws IOException {
    throw new UnsupportedOperationException();
  }
}
