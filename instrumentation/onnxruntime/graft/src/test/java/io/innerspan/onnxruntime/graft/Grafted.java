package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.ModelTail;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.RowInputs;
import io.innerspan.signals.reference.Tolerance;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A model with signals compiled into it, none of them refused. */
final class Grafted {
  private final byte[] model;
  private final OnnxModel scanned;
  private final Overlay overlay;
  private final ReadingLayout layout;

  private Grafted(byte[] model, Gating gating, List<? extends Signal> signals)
      throws ModelRefusedException {
    this.model = model;
    this.scanned = OnnxModel.scan(ByteBuffer.wrap(model));
    this.overlay = OverlayCompiler.compile(scanned, List.copyOf(signals), Set.of(), gating);
    assertThat(overlay.refusals()).isEmpty();
    assertThat(overlay.signals()).containsExactlyInAnyOrderElementsOf(signals);
    this.layout = new ReadingLayout(overlay.signals(), overlay.gates(), overlay.standingGates());
  }

  /** Without gates. */
  static Grafted of(byte[] model, Signal... signals) throws ModelRefusedException {
    return of(model, Gating.NONE, List.of(signals));
  }

  static Grafted of(byte[] model, Gating gating, List<? extends Signal> signals)
      throws ModelRefusedException {
    return new Grafted(model, gating, signals);
  }

  Overlay overlay() {
    return overlay;
  }

  /** The reading with all gates open, after a check that the model's outputs are as ever. */
  Ort.Output read(Map<String, OnnxTensor> feeds) throws OrtException {
    boolean[] gates = new boolean[overlay.gateCount() + 2];
    Arrays.fill(gates, true);
    return read(feeds, gates);
  }

  /**
   * The reading, after a check that the model's outputs are as ever.
   *
   * @param gates the input of the same name, where there is one
   */
  Ort.Output read(Map<String, OnnxTensor> feeds, boolean... gates) throws OrtException {
    Map<String, OnnxTensor> all = new HashMap<>(feeds);
    if (overlay.gateCount() > 0) {
      all.put(
          OverlayCompiler.GATES, OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), gates));
    }
    Ort.Outputs original = Ort.run(model, feeds);
    Ort.Outputs outputs = Ort.run(Ort.concat(model, overlay.bytes()), all);
    for (Map.Entry<String, Ort.Output> output : original.byName().entrySet()) {
      int different = output.getValue().differentBits(outputs.get(output.getKey()));
      assertThat(halfPrecision() ? 0 : different).as(output.getKey()).isZero();
    }
    Ort.Output reading = outputs.get(OverlayCompiler.READING);
    assertThat(reading.shape()[1]).isEqualTo(layout.columns());
    return reading;
  }

  /** Of which older versions round elsewhere when something is tapped: no tap there is safe. */
  private boolean halfPrecision() {
    return overlay.signals().stream()
        .map(signal -> scanned.resolve(signal.hookPoint()))
        .anyMatch(tap -> tap != null && tap.tensor().type() == ElementType.FLOAT16);
  }

  /** The values of one signal for one row. */
  float[] values(Ort.Output reading, int row, String signal) {
    int index = layout.indexOf(signal);
    int from = row * layout.columns() + layout.firstColumn(index);
    return Arrays.copyOfRange(reading.values(), from, from + layout.width(index));
  }

  /** The number of real tokens that the reading tells of a row. */
  float tokens(Ort.Output reading, int row) {
    return reading.values()[(row + 1) * layout.columns() - 1];
  }

  /** Checks every value of every row against the reference, and returns the reading. */
  Ort.Output check(Batch batch, Map<String, OnnxTensor> feeds, Tolerance tolerance)
      throws OrtException {
    return check(batch, feeds, tolerance, null);
  }

  /**
   * The same.
   *
   * @param tail the model's own, for lenses
   */
  Ort.Output check(
      Batch batch, Map<String, OnnxTensor> feeds, Tolerance tolerance, @Nullable ModelTail tail)
      throws OrtException {
    List<HookPoint> places =
        overlay.signals().stream().flatMap(each -> each.hookPoints().stream()).distinct().toList();
    Exposure exposure = OverlayCompiler.expose(scanned, places);
    assertThat(exposure.refusals()).isEmpty();
    Ort.Outputs tapped = Ort.run(Ort.concat(model, exposure.bytes()), feeds);
    Ort.Output reading = read(feeds);
    for (int row = 0; row < batch.real().length; row++) {
      long[] mask = batch.mask(row);
      long real = Arrays.stream(mask).sum();
      assertThat((double) tokens(reading, row)).isEqualTo((double) real);
      for (Signal signal : real == 0 ? List.<Signal>of() : overlay.signals()) {
        RowInputs inputs = RowInputs.of().mask(mask).ids(batch.ids()[row]);
        if (tail != null) {
          inputs.tail(tail);
        }
        for (HookPoint place : signal.hookPoints()) {
          Ort.Output output = tapped.get(String.valueOf(exposure.outputs().get(place)));
          if (output.shape().length == 2 && !isLogits(signal, place)) {
            inputs = RowInputs.of(); // One activation per row counts as one real token.
          }
          give(inputs, signal, place, output, row);
        }
        compare(signal, values(reading, row, signal.id()), inputs, tolerance, row);
      }
    }
    return reading;
  }

  private static boolean isLogits(Signal signal, HookPoint place) {
    return signal instanceof OutputConfidence
        || (signal instanceof LayerLens lens && place.equals(lens.logits()));
  }

  private static void give(
      RowInputs inputs, Signal signal, HookPoint place, Ort.Output output, int row) {
    if (output.shape().length == 4) {
      inputs.attention(place, output.matrices(row));
    } else if (!isLogits(signal, place)) {
      inputs.activation(place, output.row(row));
    } else if (output.shape().length == 3) {
      inputs.logits(place, output.row(row));
    } else {
      inputs.logits(place, output.row(row)[0]);
    }
  }

  private static void compare(
      Signal signal, float[] found, RowInputs inputs, Tolerance tolerance, int row) {
    double[] expected = ReferenceSignal.values(signal, inputs);
    for (int column = 0; column < expected.length; column++) {
      double reference = expected[column];
      float value = found[column];
      assertThat(
              Double.isFinite(reference)
                  ? tolerance.agrees(value, reference)
                  : !Float.isFinite(value))
          .as(
              "row %d of %s, %s: expected %s, found %s",
              row, signal.id(), signal.columnNames().get(column), reference, value)
          .isTrue();
    }
  }
}
