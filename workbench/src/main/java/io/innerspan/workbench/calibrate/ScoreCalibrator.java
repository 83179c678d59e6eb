package io.innerspan.workbench.calibrate;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Threshold;
import io.innerspan.workbench.calibrate.CalibrateOptions.Method;
import io.innerspan.workbench.calibrate.CalibrateOptions.Scores;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Folds;
import io.innerspan.workbench.data.Groups;
import io.innerspan.workbench.stats.CalibrationError;
import io.innerspan.workbench.stats.GroupBootstrap;
import io.innerspan.workbench.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Calibrates the scores of one probe, and takes its thresholds from the benign rows. */
final class ScoreCalibrator {
  private static final double DEFAULT_RATE = 0.01;
  private static final int MOST_FOLDS = 5;

  private final Scores options;
  private final Probe probe;
  private final Scoring rows;
  private final double positiveShare;
  private final long seed;

  ScoreCalibrator(Scores options, Probe probe, Scoring rows, long seed) {
    this.options = options;
    this.probe = probe;
    this.rows = rows;
    this.seed = seed;
    Double share = options.positiveShare();
    positiveShare = share == null ? (double) rows.count(true) / rows.size() : share;
  }

  /**
   * Calibrates.
   *
   * @param excluded rows left out before
   * @param silent rows left out before
   */
  CalibratedScores run(int excluded, int silent) {
    int folds =
        (int)
            Math.min(
                MOST_FOLDS,
                Math.min(
                    Folds.groups(rows.groups(), rows.positive(), true),
                    Folds.groups(rows.groups(), rows.positive(), false)));
    if (folds < 2) {
      throw BadInput.in(
          options.data(), "at least 2 groups of each label that the pack has not seen", "fewer");
    }
    // The order of an isotonic curve depends on the labels: its thresholds need other rows.
    boolean halves = options.method() == Method.ISOTONIC;
    int[] half = Folds.of(rows.groups(), rows.positive(), 2, seed);
    Scoring fitted = halves ? rows.at(where(half, 0, true)) : rows;
    Scoring thresholding = halves ? rows.at(where(half, 1, true)) : rows;
    Calibration calibration = fit(fitted);
    List<Threshold> thresholds = thresholds(thresholding, calibration);

    GroupBootstrap bootstrap = new GroupBootstrap(rows.groups(), seed);
    double[] before = scores(rows, probe.calibration());
    double[] after = crosswise(folds);
    return new CalibratedScores(
        probe.with(calibration, thresholds.isEmpty() ? null : thresholds.get(0)),
        options.method(),
        thresholds.subList(Math.min(1, thresholds.size()), thresholds.size()),
        rows.count(true),
        rows.count(false),
        excluded,
        silent,
        folds,
        ece(before, bootstrap),
        ece(after, bootstrap),
        brier(before, bootstrap),
        brier(after, bootstrap));
  }

  private Calibration fit(Scoring fitted) {
    return ScoreFit.of(options.method(), probe.calibration(), fitted, positiveShare);
  }

  private List<Threshold> thresholds(Scoring from, Calibration calibration) {
    int[] units = Groups.oneOfEach(from.groups(), from.rows(false), seed);
    double[] benign = IntStream.of(units).mapToDouble(row -> from.logits()[row]).toArray();
    List<Threshold> found = new ArrayList<>();
    for (double rate : rates()) {
      Threshold threshold = ThresholdFit.of(options.promise(), benign, rate, calibration);
      if (threshold != null) {
        found.add(threshold);
      } else if (!options.rates().isEmpty()) {
        int fewest = ThresholdFit.fewest(options.promise(), rate);
        throw BadInput.in(
            options.data(),
            benign.length < fewest
                ? "at least " + fewest + " independent benign rows for a rate of " + rate
                : "scores that tell the last of the benign rows apart",
            benign.length < fewest ? "" + benign.length : "one score for too many of them");
      }
    }
    return found;
  }

  private List<Double> rates() {
    if (!options.rates().isEmpty()) {
      return options.rates();
    }
    Threshold now = probe.threshold();
    return List.of(now == null ? DEFAULT_RATE : now.targetFpr());
  }

  /** By row, the score of a calibration that did not see the row's group. */
  private double[] crosswise(int folds) {
    int[] fold = Folds.of(rows.groups(), rows.positive(), folds, seed);
    double[] scores = new double[rows.size()];
    for (int f = 0; f < folds; f++) {
      Calibration calibration = fit(rows.at(where(fold, f, false)));
      for (int row : where(fold, f, true)) {
        scores[row] = calibration.score(rows.logits()[row]);
      }
    }
    return scores;
  }

  private Interval ece(double[] scores, GroupBootstrap bootstrap) {
    return bootstrap.interval(times -> CalibrationError.expected(scores, rows.positive(), times));
  }

  private Interval brier(double[] scores, GroupBootstrap bootstrap) {
    return bootstrap.interval(times -> CalibrationError.brier(scores, rows.positive(), times));
  }

  private static double[] scores(Scoring of, Calibration calibration) {
    return IntStream.range(0, of.size())
        .mapToDouble(row -> calibration.score(of.logits()[row]))
        .toArray();
  }

  private static int[] where(int[] fold, int number, boolean within) {
    return IntStream.range(0, fold.length).filter(row -> (fold[row] == number) == within).toArray();
  }
}
