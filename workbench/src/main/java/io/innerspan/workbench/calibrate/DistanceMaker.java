package io.innerspan.workbench.calibrate;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Reading;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.calibrate.CalibrateOptions.Traffic;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TokenIds;
import io.innerspan.workbench.train.PooledActivations;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Makes a signal of the distance from the population that the traffic is. */
final class DistanceMaker {
  private static final String ID = "distance";

  /** More say little more of the covariance, and would all be in memory. */
  private static final int MOST_TEXTS = 1 << 14;

  private final OnnxTextModel model;
  private final HookPoint place;
  private final int rank;
  private final Progress progress;

  DistanceMaker(OnnxTextModel model, Traffic options, Progress progress) {
    this.model = model;
    this.place = Objects.requireNonNull(options.distance());
    this.rank = options.rank();
    this.progress = progress;
  }

  /** Fits the population to texts spread evenly over the traffic. */
  PopulationDistance fit(List<TokenIds> texts, List<Signal> signals) throws IOException {
    if (signals.stream().anyMatch(signal -> signal.id().equals(ID))) {
      throw new BadInput("--distance: expected a pack without a signal '" + ID + "', found one");
    }
    int count = Math.min(MOST_TEXTS, texts.size());
    List<TokenIds> chosen =
        IntStream.range(0, count)
            .mapToObj(i -> texts.get((int) ((long) i * texts.size() / count)))
            .toList();
    float[][] rows = new float[count][];
    model.visit(
        chosen,
        List.of(place),
        progress.count("population", count),
        (text, activations) ->
            rows[text] = PooledActivations.pool(Pooling.MEAN, activations.get(0)));
    return PopulationFit.of(ID, place, rows, rank);
  }

  /** Three short texts with what a live session reads of them, held to the reference. */
  GoldenInput golden(PopulationDistance distance, List<TokenIds> texts) throws IOException {
    List<TokenIds> shortest =
        texts.stream().sorted(Comparator.comparingInt(TokenIds::length)).toList();
    List<TokenIds> chosen =
        List.of(shortest.get(texts.size() / 2), shortest.get(texts.size() / 4), shortest.get(0));
    List<Reading> readings =
        model.readings(List.of(distance), chosen, progress.count("golden input", 3)).texts();
    float[] values = new float[chosen.size()];
    model.visit(
        chosen,
        List.of(place),
        progress.count("golden activations", 3),
        (text, activations) -> {
          boolean[] real = new boolean[activations.get(0).length];
          Arrays.fill(real, true);
          double expected = ReferenceSignal.value(distance, activations.get(0), real);
          values[text] = (float) readings.get(text).value(0, 0);
          if (!Tolerance.FP32.agrees(values[text], expected)) {
            throw new BadInput(
                String.format(
                    Locale.ROOT,
                    "--distance %s: expected the live session to read the reference's %s, found"
                        + " %s; a smaller --distance-rank may do",
                    place,
                    expected,
                    values[text]));
          }
        });
    return new GoldenInput(
        model.inputs(chosen),
        Map.of(),
        Map.of(distance.id(), Tensor.ofFloats(values, values.length, 1)));
  }
}
