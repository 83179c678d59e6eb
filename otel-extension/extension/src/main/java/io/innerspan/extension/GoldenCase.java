package io.innerspan.extension;

import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.reference.Tolerance;
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
 * @param input the model's inputs and the logits expected of them
 */
record GoldenCase(ProbePack pack, GoldenInput input) {
  /**
   * Wider than one engine is held to: the pack was made with another version of the engine, perhaps
   * on another processor. Another model, layer, pooling or tokenizer is off by far more.
   */
  private static final Tolerance ACROSS_MACHINES = Tolerance.FP16;

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
    for (Map.Entry<String, Tensor> entry : input.logits().entrySet()) {
      int signal = layout.indexOf(entry.getKey());
      if (signal < 0) {
        continue; // Its tap was dropped, which is said elsewhere.
      }
      float[] expected = entry.getValue().toFloats();
      if (expected.length != rows) {
        return "expected " + expected.length + " rows, found " + rows;
      }
      for (int row = 0; row < rows; row++) {
        float actual = reading[row * layout.columns() + layout.firstColumn(signal)];
        if (!ACROSS_MACHINES.agrees(actual, expected[row])) {
          return "probe "
              + entry.getKey()
              + ", row "
              + row
              + ": expected logit "
              + expected[row]
              + ", found "
              + actual;
        }
      }
    }
    return null;
  }
}
