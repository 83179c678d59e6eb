package io.innerspan.workbench.packs;

import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.GoldenReading;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.RowInputs;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TokenIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a signal other than a probe proves itself with: model inputs with the values that a live
 * session with the compiled signal gave, each held to the reference mathematics on the tapped
 * activations of the same text.
 */
public final class GoldenValues {
  /**
   * The golden inputs of a signal that reads one activation.
   *
   * @param batches each with at least one text
   * @throws io.innerspan.workbench.data.BadInput when the signal cannot be put into the model
   * @throws IllegalStateException when the live session and the reference disagree
   */
  public static List<GoldenInput> of(
      OnnxTextModel model, Signal signal, List<List<TokenIds>> batches, Progress progress)
      throws IOException {
    List<float[]> live = model.values(signal, batches);
    int width = signal.columnNames().size();
    ReadingLayout layout = new ReadingLayout(List.of(signal));
    Progress.Counter counter =
        progress.count("golden inputs", batches.stream().mapToInt(List::size).sum());
    List<GoldenInput> inputs = new ArrayList<>();
    for (int b = 0; b < batches.size(); b++) {
      List<TokenIds> batch = batches.get(b);
      float[] reference = new float[batch.size() * layout.columns()];
      model.visit(
          batch,
          List.of(signal.hookPoint()),
          counter,
          (row, taps) -> {
            RowInputs inputsOfRow =
                RowInputs.of()
                    .ids(batch.get(row).ids())
                    .activation(signal.hookPoint(), taps.get(0));
            double[] values = ReferenceSignal.values(signal, inputsOfRow);
            for (int column = 0; column < width; column++) {
              reference[row * layout.columns() + layout.firstColumn(0) + column] =
                  (float) values[column];
            }
          });
      GoldenInput golden =
          new GoldenInput(
              model.inputs(batch),
              Map.of(),
              Map.of(signal.id(), Tensor.ofFloats(live.get(b), batch.size(), width)));
      GoldenReading.Contradiction found =
          GoldenReading.contradiction(golden, layout, reference, batch.size());
      if (found != null) {
        throw new IllegalStateException(
            "golden input: expected the reference to agree with the live session, found " + found);
      }
      inputs.add(golden);
    }
    return inputs;
  }

  private GoldenValues() {}
}
