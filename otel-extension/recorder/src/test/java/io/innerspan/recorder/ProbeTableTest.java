package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.recorder.Crossings.Crossing;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbeTableTest {
  private final Backend backend = new Backend();

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void scales_anyCalibration_areItToTheLastBit() {
    Random random = new Random(3);
    List<Calibration> calibrations = calibrations(random, 200);
    ProbeScales scales = new ProbeScales(calibrations);
    for (int i = 0; i < calibrations.size(); i++) {
      Calibration calibration = calibrations.get(i);
      for (double raw : new double[] {0.0, -0.0, random.nextGaussian(), 1e30, -Float.MAX_VALUE}) {
        assertThat(Double.doubleToRawLongBits(scales.logit(i, raw)))
            .isEqualTo(Double.doubleToRawLongBits(calibration.logit(raw)));
        assertThat(scales.score(i, raw)).isEqualTo(calibration.score(raw));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void findCrossings_anyReading_findsWhatEachRecorderFinds(int rows) {
    Random random = new Random(rows);
    List<Signal> signals = signals(random);
    ReadingLayout layout = layout(signals);
    List<ProbeRecorder> recorders = recorders(signals);
    ProbeTable table = new ProbeTable(recorders);
    for (int round = 0; round < 50; round++) {
      Reading reading = reading(layout, rows, random);
      Crossings expected = new Crossings();
      recorders.forEach(each -> each.findCrossings(reading, Context.root(), expected));

      float[] largest = table.largest(reading);
      Crossings found = new Crossings();
      table.findCrossings(reading, largest, Context.root(), found);

      assertThat(found.count()).isEqualTo(expected.count());
      assertThat(found.reported()).containsExactlyElementsOf(expected.reported());
      for (int i = 0; i < table.size(); i++) {
        assertThat((double) largest[i])
            .isEqualTo(Double.valueOf(reading.maxValue(table.probe(i).signal())));
      }
      assertThat(found.reported().stream().map(Crossing::row)).allMatch(reading::hasReading);
    }
  }

  /** Probes between other signals, half of them with a threshold. */
  private static List<Signal> signals(Random random) {
    List<Calibration> calibrations = calibrations(random, 40);
    List<Signal> signals = new ArrayList<>();
    for (int i = 0; i < calibrations.size(); i++) {
      signals.add(Packs.probe("p" + i, i % 2 == 0 ? 0.7 : null, calibrations.get(i)));
      if (i % 10 == 0) {
        signals.add(Packs.norm("n" + i));
      }
    }
    return signals;
  }

  /** Every third signal lies behind a gate, of which there are two. */
  private static ReadingLayout layout(List<Signal> signals) {
    List<Integer> gates = new ArrayList<>(Collections.nCopies(signals.size(), -1));
    for (int i = 0; i < signals.size(); i += 3) {
      gates.set(i, i % 2);
    }
    return new ReadingLayout(signals, gates, 0);
  }

  private List<ProbeRecorder> recorders(List<Signal> signals) {
    ModelTelemetry model = backend.model();
    Origins origins = Origins.of(List.of(Packs.pack("guard", "1.2.0", signals)));
    return IntStream.range(0, signals.size())
        .filter(i -> signals.get(i) instanceof Probe)
        .mapToObj(
            i ->
                new ProbeRecorder(
                    (Probe) signals.get(i),
                    i,
                    origins.of(signals.get(i)),
                    model.sinks.instruments(),
                    model.metricAttributes))
        .toList();
  }

  private static List<Calibration> calibrations(Random random, int count) {
    List<Calibration> calibrations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calibrations.add(
          switch (i % 4) {
            case 0 -> new Calibration.None();
            case 1 -> new Calibration.Temperature(0.1 + random.nextDouble());
            case 2 -> new Calibration.Platt(0.1 + random.nextDouble(), random.nextGaussian());
            default ->
                new Calibration.Isotonic(
                    List.of(
                        new Calibration.Isotonic.Point(-1, 0),
                        new Calibration.Isotonic.Point(random.nextDouble(), 0.8),
                        new Calibration.Isotonic.Point(2, 1)));
          });
    }
    return calibrations;
  }

  /** With rows without tokens, values that are not finite, and a gate that may be closed. */
  private static Reading reading(ReadingLayout layout, int rows, Random random) {
    float[] values = new float[rows * layout.columns()];
    for (int i = 0; i < values.length; i++) {
      boolean tokens = i % layout.columns() == layout.tokensColumn();
      values[i] =
          tokens
              ? random.nextInt(4)
              : random.nextInt(20) == 0 ? Float.NaN : (float) random.nextGaussian();
    }
    return new Reading(layout, values, rows, random.nextInt(4));
  }
}
