package io.innerspan.extension;

import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.GoldenReading;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.safetensors.Tensor;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A golden input of a pack, to be read on the live session.
 *
 * @param pack the pack that brought it
 * @param input the model's inputs, and the logits and values expected of them
 */
record GoldenCase(ProbePack pack, GoldenInput input) {
  static List<GoldenCase> of(List<ProbePack> packs) {
    List<GoldenCase> cases = new ArrayList<>();
    for (ProbePack pack : packs) {
      for (GoldenInput input : pack.goldenInputs()) {
        cases.add(new GoldenCase(pack, input));
      }
    }
    return cases;
  }

  ModelInput modelInput() {
    List<ModelInput.Tensor> tensors = new ArrayList<>();
    for (Map.Entry<String, Tensor> entry : input.inputs().entrySet()) {
      Tensor tensor = entry.getValue();
      tensors.add(
          new ModelInput.Tensor(
              entry.getKey(), tensor.dtype().name(), tensor.shape(), tensor.data()));
    }
    return new ModelInput(tensors);
  }

  /** What a live reading of this case contradicts, or null when it agrees. */
  @Nullable String contradiction(ReadingLayout layout, float[] reading, int rows) {
    GoldenReading.Contradiction found = GoldenReading.contradiction(input, layout, reading, rows);
    return found == null ? null : found.toString();
  }
}
