package io.innerspan.workbench.sae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.sae.SaeTrainOptions.Kind;
import io.innerspan.workbench.store.Rows;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Training where the dictionary is known. */
class SaeTrainerTest {
  private static final int WIDTH = 32;
  private static final int FEATURES = 64;
  private static final int ACTIVE = 3;
  private static final Progress SILENT = new Progress(new PrintWriter(Writer.nullWriter()));

  private final float[] planted = directions(new Random(11), FEATURES);
  private final Rows rows = Rows.of(mixtures(new Random(12), planted, 20_000), WIDTH);

  @ParameterizedTest
  @EnumSource
  void train_plantedDictionary_isFound(Kind kind) {
    // Some to spare: with as many as are planted, two of them may settle on one.
    TrainedSae trained = train(kind, FEATURES + FEATURES / 2, ACTIVE, 1500, 100, 5);
    float[] learnt = trained.sae().decoder().toArray();
    DictionaryMatch match = DictionaryMatch.of(planted, learnt, WIDTH);
    assertThat(match.above(0.9))
        .as("found, mean cosine " + match.mean())
        .isGreaterThanOrEqualTo(0.95);
    try (SaeEncoder encoder = new SaeEncoder(trained.sae())) {
      Reconstruction found = Reconstruction.of(rows, 512, encoder::reconstruct);
      assertThat(found.explained()).isGreaterThan(0.9);
      assertThat(Activity.of(encoder, rows).l0()).isBetween(0.5 * ACTIVE, 1.5 * ACTIVE);
      assertThat(trained.curve().get(trained.curve().size() - 1).unexplained())
          .isLessThan(trained.curve().get(0).unexplained() / 3);
    }
    Reconstruction random = reconstruction(RandomDictionary.of(rows, FEATURES, ACTIVE, 1));
    assertThat(random.explained()).as("a random dictionary").isLessThan(0.7);
  }

  @Test
  void train_twice_givesTheSameBits() {
    assertThat(train(Kind.TOPK, 48, 2, 60, 20, 3).sae())
        .isEqualTo(train(Kind.TOPK, 48, 2, 60, 20, 3).sae());
    assertThat(train(Kind.TOPK, 48, 2, 60, 20, 3).sae())
        .isNotEqualTo(train(Kind.TOPK, 48, 2, 60, 20, 4).sae());
  }

  @Test
  void train_moreFeaturesThanThereAre_resamplesTheDead() {
    // Activations of 4 directions: most of 64 features begin where nothing is.
    float[] few = Arrays.copyOf(planted, 4 * WIDTH);
    Rows narrow = Rows.of(mixtures(new Random(3), few, 4000), WIDTH);
    SaeTrainOptions options = new SaeTrainOptions(Kind.TOPK, FEATURES, 1, 400, 128, 3e-3, 50, 1);
    TrainedSae trained = new SaeTrainer(narrow, options).run(SILENT);
    assertThat(trained.resampled()).isPositive();
    assertThat(trained.curve().stream().mapToInt(LossPoint::resampled).sum())
        .isEqualTo(trained.resampled());
    TrainedSae never =
        new SaeTrainer(narrow, new SaeTrainOptions(Kind.TOPK, FEATURES, 1, 400, 128, 3e-3, 0, 1))
            .run(SILENT);
    assertThat(never.resampled()).isZero();
    assertThat(alive(trained, narrow)).isGreaterThan(alive(never, narrow));
  }

  @Test
  void activity_plantedDeadFeature_isCounted() {
    TrainedSae trained = train(Kind.TOPK, 48, 2, 60, 0, 3);
    float[] bias =
        ((io.innerspan.signals.Sae.Activation.TopK) trained.sae().activation()).bias().toArray();
    bias[7] = -1e6f;
    try (SaeEncoder encoder = new SaeEncoder(TestSaes.withBias(trained.sae(), bias))) {
      Activity activity = Activity.of(encoder, rows);
      assertThat(activity.counts()[7]).isZero();
      long dead = Arrays.stream(activity.counts()).filter(count -> count == 0).count();
      assertThat(activity.alive()).isCloseTo(1 - dead / 48.0, within(1e-12));
    }
  }

  @Test
  void pca_ofKnownAxes_explainsWhatTheyHold() {
    // Variances 9 and 1 along two axes, nothing else.
    float[] values = new float[4 * WIDTH];
    values[0] = 3;
    values[WIDTH] = -3;
    values[2 * WIDTH + 1] = 1;
    values[3 * WIDTH + 1] = -1;
    Rows four = Rows.of(values, WIDTH);
    Pca pca = Pca.of(four);
    assertThat(Reconstruction.of(four, 4, x -> pca.reconstruct(x, 1)).explained())
        .isCloseTo(0.9, within(1e-6));
    assertThat(Reconstruction.of(four, 4, x -> pca.reconstruct(x, 2)).explained())
        .isCloseTo(1, within(1e-6));
  }

  private double alive(TrainedSae trained, Rows on) {
    try (SaeEncoder encoder = new SaeEncoder(trained.sae())) {
      return Activity.of(encoder, on).alive();
    }
  }

  private Reconstruction reconstruction(io.innerspan.signals.Sae sae) {
    try (SaeEncoder encoder = new SaeEncoder(sae)) {
      return Reconstruction.of(rows, 512, encoder::reconstruct);
    }
  }

  private TrainedSae train(Kind kind, int features, int k, int steps, int resample, long seed) {
    SaeTrainOptions options =
        new SaeTrainOptions(kind, features, k, steps, 256, 3e-3, resample, seed);
    return new SaeTrainer(rows, options).run(SILENT);
  }

  private static float[] directions(Random random, int count) {
    float[] values = new float[count * WIDTH];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return DictionaryMatch.unit(values, WIDTH);
  }

  /** Each row: ACTIVE of the directions (at most all) with weights 1 to 2, and an offset. */
  private static float[] mixtures(Random random, float[] directions, int count) {
    int features = directions.length / WIDTH;
    float[] values = new float[count * WIDTH];
    Arrays.fill(values, 0.3f);
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < Math.min(ACTIVE, features - 1); i++) {
        float weight = 1 + random.nextFloat();
        Vectors.add(
            values, row * WIDTH, weight, directions, random.nextInt(features) * WIDTH, WIDTH);
      }
    }
    return values;
  }
}
