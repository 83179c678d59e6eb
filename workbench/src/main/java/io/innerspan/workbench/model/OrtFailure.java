package io.innerspan.workbench.model;

import ai.onnxruntime.OrtException;
import io.innerspan.workbench.data.BadInput;
import java.nio.file.Path;
import java.util.Locale;

/** What ONNX Runtime says of a model and its inputs, in words of what a user gave. */
final class OrtFailure {
  static BadInput of(Path model, OrtException e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    String lower = message.toLowerCase(Locale.ROOT);
    // A look-up beyond a table: token ids or positions that the embedding does not have.
    boolean beyond = lower.contains("out of data bounds") || lower.contains("out of bounds");
    return BadInput.in(
        model,
        beyond ? "a tokenizer that fits the model" : "a model that ONNX Runtime runs",
        beyond ? "ids or positions that it does not have: " + message : message);
  }

  private OrtFailure() {}
}
