package io.innerspan.workbench.sae;

import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.store.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Trains TopK and BatchTopK autoencoders by Adam. The pre-activations are one dense product by ONNX
 * Runtime; everything behind them is sparse, for only the active features have gradients, and is
 * computed here. The same rows and options give the same weights.
 *
 * <p>Of activations x, centred and scaled so that they have a mean length of √d: {@code p = (x −
 * b_dec) W_encᵀ + b_enc}, z what is selected of p, {@code x̂ = z W_dec + b_dec}, the loss {@code ‖x
 * − x̂‖² / d}. The decoder's rows keep the length 1: the part of their gradient that would change
 * it is left out (Bricken et al. 2023). Features that were not active are resampled: they begin
 * anew along what the autoencoder leaves of an activation that it reconstructs badly.
 */
public final class SaeTrainer {
  private static final int CURVE_POINTS = 100;
  private static final int THRESHOLD_BATCHES = 64;
  private static final double WARM_UP = 0.05;
  private static final double DECAY = 0.2;

  /** Resampled features need time to learn. */
  private static final double RESAMPLE_UNTIL = 0.75;

  private final Rows rows;
  private final SaeTrainOptions options;
  private final Random random;
  private final Scaling scaling;
  private final SaeWeights weights;
  private final int[] lastActive;
  private final List<LossPoint> curve = new ArrayList<>();
  private int[] order = new int[0];
  private int next;
  private int resampled;

  /**
   * @param rows the activations to learn from, more than one
   */
  public SaeTrainer(Rows rows, SaeTrainOptions options) {
    this.rows = rows;
    this.options = options;
    random = new Random(options.seed());
    scaling = Scaling.of(rows);
    weights = new SaeWeights(rows.width(), options.features(), scaling, random);
    lastActive = new int[options.features()];
  }

  /** Trains. */
  public TrainedSae run(Progress progress) {
    Progress.Counter counter =
        progress.count("steps (seed " + options.seed() + ")", options.steps());
    int every = Math.max(1, options.steps() / CURVE_POINTS);
    Tally tally = new Tally();
    try (Gemm gemm = new Gemm(rows.width(), options.features())) {
      for (int step = 1; step <= options.steps(); step++) {
        float[] x = nextBatch(options.batch());
        Step done = new Step(x, weights, code(gemm, x));
        done.backward();
        weights.step(rate(step));
        tally.add(done);
        for (int feature : done.code().features()) {
          lastActive[feature] = step;
        }
        if (isTimeToResample(step)) {
          tally.resampled += resample(step, done);
        }
        if (step % every == 0 || step == options.steps()) {
          curve.add(tally.point(step, dead(step)));
          tally = new Tally();
        }
        counter.add(1);
      }
      float threshold =
          options.kind() == SaeTrainOptions.Kind.BATCH_TOPK ? threshold(gemm) : Float.NaN;
      return new TrainedSae(
          weights.sae(scaling, options.kind(), options.k(), threshold), curve, resampled);
    }
  }

  private SparseCode code(Gemm gemm, float[] x) {
    gemm.set(weights.encoder, weights.encoderBias);
    float[] pre = gemm.multiply(x);
    return options.kind() == SaeTrainOptions.Kind.TOPK
        ? Selection.topK(pre, options.features(), options.k())
        : Selection.batchTopK(pre, options.features(), options.k());
  }

  /** Scaled activations less the decoder's bias, each once before any comes again. */
  private float[] nextBatch(int size) {
    int width = rows.width();
    float[] batch = new float[size * width];
    for (int i = 0; i < size; i++) {
      if (next == order.length) {
        shuffle();
      }
      rows.copy(order[next++], batch, i * width);
    }
    for (int i = 0, d = 0; i < batch.length; i++) {
      batch[i] = batch[i] * scaling.factor() - weights.decoderBias[d];
      d = d + 1 == width ? 0 : d + 1;
    }
    return batch;
  }

  private void shuffle() {
    if (order.length == 0) {
      order = new int[rows.count()];
      Arrays.setAll(order, i -> i);
    }
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    next = 0;
  }

  private double rate(int step) {
    double warm = step / Math.max(1, WARM_UP * options.steps());
    double rest = (options.steps() - step + 1) / Math.max(1, DECAY * options.steps());
    return options.rate() * Math.min(1, Math.min(warm, rest));
  }

  private boolean isTimeToResample(int step) {
    int every = options.resampleEvery();
    return every > 0 && step % every == 0 && step <= RESAMPLE_UNTIL * options.steps();
  }

  /** Features that were not active in as many steps as resampling waits, or a tenth of all. */
  private int dead(int step) {
    int dead = 0;
    for (int last : lastActive) {
      dead += last <= step - window() ? 1 : 0;
    }
    return dead;
  }

  private int window() {
    return options.resampleEvery() > 0
        ? options.resampleEvery()
        : Math.max(1, options.steps() / 10);
  }

  private int resample(int step, Step done) {
    double[] chance = done.squaredErrors();
    for (int i = 0; i < chance.length; i++) {
      chance[i] *= chance[i];
    }
    int[] active = new int[options.features()];
    for (int f = 0; f < active.length; f++) {
      active[f] = lastActive[f] <= step - options.resampleEvery() ? 0 : 1;
    }
    int before = resampled;
    for (int f = 0; f < active.length; f++) {
      int row = active[f] == 0 ? draw(chance) : -1;
      if (row >= 0) {
        chance[row] = 0;
        weights.restart(f, done.residual(row), active);
        lastActive[f] = step;
        resampled++;
      }
    }
    return resampled - before;
  }

  /** An index with the given chances, or -1 when all are 0. */
  private int draw(double[] chance) {
    double sum = Arrays.stream(chance).sum();
    double left = random.nextDouble() * sum;
    int last = -1;
    for (int i = 0; i < chance.length; i++) {
      if (chance[i] > 0) {
        last = i;
        left -= chance[i];
        if (left < 0) {
          return i;
        }
      }
    }
    return last;
  }

  /** The mean over batches of the least activation that was kept. */
  private float threshold(Gemm gemm) {
    double sum = 0;
    int counted = 0;
    for (int i = 0; i < THRESHOLD_BATCHES; i++) {
      float least = Float.POSITIVE_INFINITY;
      for (float value : code(gemm, nextBatch(options.batch())).values()) {
        least = Math.min(least, value);
      }
      if (Float.isFinite(least)) {
        sum += least;
        counted++;
      }
    }
    return counted == 0 ? 0 : (float) (sum / counted);
  }

  /** Sums since the last point of the curve. */
  private static final class Tally {
    private double errors;
    private double variance;
    private long active;
    private long tokens;
    private int resampled;

    void add(Step step) {
      for (double error : step.squaredErrors()) {
        errors += error;
      }
      variance += step.variance();
      active += step.code().size();
      tokens += step.code().rows();
    }

    LossPoint point(int step, int dead) {
      return new LossPoint(
          step, errors / Math.max(variance, 1e-30), (double) active / tokens, dead, resampled);
    }
  }
}
