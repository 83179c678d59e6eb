package io.innerspan.djl.outputs;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.Gating;
import io.innerspan.djl.SignalRefusal;
import io.innerspan.djl.SignalRefusal.Reason;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.RowInputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How sure a model is, of any engine: outputs of two or more answers each. Immutable. */
public final class OutputSignals {
  private final ReadingLayout layout;
  private final Map<String, SignalRefusal> refusals;
  private final List<OutputConfidence> confidences;
  private final OutputForm form;

  private OutputSignals(
      ReadingLayout layout,
      Map<String, SignalRefusal> refusals,
      List<OutputConfidence> confidences,
      OutputForm form) {
    this.layout = layout;
    this.refusals = Map.copyOf(refusals);
    this.confidences = List.copyOf(confidences);
    this.form = form;
  }

  /**
   * Those of some signals that outputs tell, and whose pack holds them to nothing: golden inputs do
   * not run where there are only outputs.
   *
   * @param golden the ids of signals that have golden values
   * @param closed why the others cannot be read
   * @param form of the outputs
   */
  public static OutputSignals of(
      List<Signal> signals, Set<String> golden, Gating gating, String closed, OutputForm form) {
    List<OutputConfidence> confidences = new ArrayList<>();
    Map<String, SignalRefusal> refusals = new HashMap<>();
    for (Signal signal : signals) {
      if (!(signal instanceof OutputConfidence confidence)) {
        refusals.put(signal.id(), SignalRefusal.of(Reason.UNSUPPORTED, signal, closed));
      } else if (golden.contains(signal.id())) {
        String unproven = closed + ": its golden values cannot be proven";
        refusals.put(signal.id(), SignalRefusal.of(Reason.UNSUPPORTED, signal, unproven));
      } else {
        confidences.add(confidence);
      }
    }
    ReadingLayout layout =
        new ReadingLayout(
            confidences, confidences.stream().map(gating::of).toList(), gating.standing());
    return new OutputSignals(layout, refusals, confidences, form);
  }

  /** What the columns of readings mean. */
  public ReadingLayout layout() {
    return layout;
  }

  /** By signal id, why a signal has no columns. */
  public Map<String, SignalRefusal> refusals() {
    return refusals;
  }

  /**
   * Reads what a model gave.
   *
   * @param inputs that it was given
   * @param outputs neither changed nor closed
   * @return null when no gate is open
   */
  public @Nullable CapturedReading read(NDList inputs, NDList outputs, long openGates) {
    float[] values = null;
    int rows = 1;
    Map<String, SignalRefusal> misfits = new HashMap<>();
    for (int i = 0; i < confidences.size(); i++) {
      OutputConfidence confidence = confidences.get(i);
      if (!isOpen(layout.gate(i), openGates)) {
        continue;
      }
      NDArray output = Outputs.find(outputs, confidence.hookPoint());
      int count = output == null ? 0 : form.rows(output, inputs);
      SignalRefusal misfit = misfit(confidence, output, count, values == null ? count : rows);
      if (misfit != null || output == null) {
        misfits.put(confidence.id(), misfit == null ? missing(confidence, outputs) : misfit);
        continue;
      }
      float[][] logits = Outputs.rows(output, count, form);
      if (values == null) {
        rows = logits.length;
        values = absent(rows);
      }
      fill(values, i, logits);
    }
    if (values == null && misfits.isEmpty()) {
      return null;
    }
    return new CapturedReading(values == null ? absent(rows) : values, rows, openGates, misfits);
  }

  private static boolean isOpen(int gate, long openGates) {
    return gate == ReadingLayout.ALWAYS_OPEN || (openGates >>> gate & 1) != 0;
  }

  private float[] absent(int rows) {
    float[] values = new float[rows * layout.columns()];
    Arrays.fill(values, Float.NaN);
    for (int row = 0; row < rows; row++) {
      values[row * layout.columns() + layout.tokensColumn()] = 1;
    }
    return values;
  }

  private void fill(float[] values, int signal, float[][] logits) {
    OutputConfidence confidence = confidences.get(signal);
    for (int row = 0; row < logits.length; row++) {
      form.toLogits(logits[row]);
      RowInputs inputs = RowInputs.of().logits(confidence.hookPoint(), logits[row]);
      double[] read = ReferenceSignal.values(confidence, inputs);
      for (int column = 0; column < read.length; column++) {
        values[row * layout.columns() + layout.firstColumn(signal) + column] = (float) read[column];
      }
    }
  }

  private static SignalRefusal missing(OutputConfidence confidence, NDList outputs) {
    return SignalRefusal.of(
        Reason.NO_HOOK_POINT,
        confidence,
        "expected one of " + outputs.size() + " outputs, such as output/0, found none");
  }

  /**
   * Why an output cannot be read, or null.
   *
   * @param rows that it has, or 0
   * @param others how many rows the outputs have that were read before
   */
  private static @Nullable SignalRefusal misfit(
      OutputConfidence confidence, @Nullable NDArray output, int rows, int others) {
    if (output == null) {
      return null;
    }
    int least = 2;
    if (confidence.disagreement() != null) {
      least = Math.max(least, confidence.disagreement().answer() + 1);
    }
    boolean fits =
        rows > 0
            && rows == others
            && output.size() / rows >= least
            && output.getDataType().isFloating();
    return fits
        ? null
        : SignalRefusal.of(
            Reason.NO_HOOK_POINT,
            confidence,
            "expected [batch, answers] of at least "
                + least
                + " answers, found "
                + output.getDataType()
                + output.getShape());
  }
}
