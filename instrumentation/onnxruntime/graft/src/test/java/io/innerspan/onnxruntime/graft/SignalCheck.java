package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.RowInputs;
import io.innerspan.signals.reference.Tolerance;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares what the graph computes with the reference on tapped activations: in the open, behind
 * open gates, and behind shut ones.
 */
final class SignalCheck {
  private final byte[] model;
  private final OnnxModel scanned;
  private final List<Signal> signals;
  private final Tolerance tolerance;

  /** Adds to a row what only a kind of signal needs. */
  interface Extra {
    void add(RowInputs inputs, int row) throws OrtException;
  }

  SignalCheck(byte[] model, List<Signal> signals, Tolerance tolerance)
      throws ModelRefusedException {
    this.model = model;
    this.scanned = OnnxModel.scan(ByteBuffer.wrap(model));
    this.signals = signals;
    this.tolerance = tolerance;
  }

  /**
   * @param ids empty where the model has none
   */
  void check(Map<String, OnnxTensor> feeds, long[][] ids, boolean[][] real, Extra extra)
      throws OrtException {
    List<HookPoint> hookPoints =
        signals.stream().flatMap(signal -> signal.hookPoints().stream()).distinct().toList();
    Exposure exposure = OverlayCompiler.expose(scanned, hookPoints);
    assertThat(exposure.refusals()).isEmpty();
    Ort.Outputs original = Ort.run(model, feeds);
    Ort.Outputs tapped = Ort.run(Ort.concat(model, exposure.bytes()), feeds);
    List<Ort.Output> readings =
        List.of(
            grafted(original, feeds, Gating.NONE, true),
            grafted(original, feeds, Gating.DEAR_KINDS, true));
    for (int row = 0; row < real.length; row++) {
      if (tokens(real[row]) == 0) {
        continue;
      }
      RowInputs inputs = RowInputs.of().mask(mask(real[row]));
      if (ids.length > 0) {
        inputs.ids(ids[row]);
      }
      for (HookPoint hookPoint : hookPoints) {
        Ort.Output output = tapped.get(String.valueOf(exposure.outputs().get(hookPoint)));
        float[][] values = output.row(row);
        inputs.activation(hookPoint, values);
        if (output.shape().length == 2) {
          inputs.logits(hookPoint, values[0]);
        } else {
          inputs.logits(hookPoint, values);
        }
      }
      extra.add(inputs, row);
      for (Ort.Output reading : readings) {
        compare(reading.row(row)[0], inputs, row);
      }
    }
    Ort.Output shut = grafted(original, feeds, Gating.DEAR_KINDS, false);
    for (int row = 0; row < real.length; row++) {
      float[] values = shut.row(row)[0];
      assertThat(Arrays.copyOf(values, values.length - 1)).containsOnly(Float.NaN);
    }
  }

  private void compare(float[] values, RowInputs inputs, int row) {
    int column = 0;
    for (Signal signal : signals) {
      double[] expected = ReferenceSignal.values(signal, inputs);
      for (int i = 0; i < expected.length; i++) {
        double reference = expected[i];
        assertThat((double) values[column++])
            .as("row %s of %s, %s", row, signal.id(), signal.columnNames().get(i))
            .matches(
                value ->
                    Double.isNaN(reference)
                        ? Double.isNaN(value)
                        : tolerance.agrees(value, reference),
                "equals " + reference);
      }
    }
    assertThat(values).hasSize(column + 1);
  }

  private Ort.Output grafted(
      Ort.Outputs original, Map<String, OnnxTensor> feeds, Gating gating, boolean open)
      throws OrtException {
    Overlay overlay = OverlayCompiler.compile(scanned, signals, Set.of(), gating);
    assertThat(overlay.refusals()).isEmpty();
    assertThat(overlay.signals()).containsExactlyElementsOf(signals);
    Map<String, OnnxTensor> all = new HashMap<>(feeds);
    if (gating != Gating.NONE) {
      boolean[] gates = new boolean[signals.size() + 1];
      Arrays.fill(gates, open);
      all.put(
          OverlayCompiler.GATES, OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), gates));
    }
    Ort.Outputs outputs = Ort.run(Ort.concat(model, overlay.bytes()), all);
    original
        .byName()
        .forEach(
            (name, output) ->
                assertThat(output.differentBits(outputs.get(name))).as(name).isZero());
    return outputs.get(OverlayCompiler.READING);
  }

  private static int tokens(boolean[] real) {
    int tokens = 0;
    for (boolean one : real) {
      tokens += one ? 1 : 0;
    }
    return tokens;
  }

  private static long[] mask(boolean[] real) {
    long[] mask = new long[real.length];
    for (int token = 0; token < mask.length; token++) {
      mask[token] = real[token] ? 1 : 0;
    }
    return mask;
  }
}
