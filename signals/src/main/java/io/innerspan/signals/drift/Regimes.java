package io.innerspan.signals.drift;

/**
 * How far the baseline itself strays from its whole in stretches, on the normal scale: changes so
 * large are no drift.
 *
 * @param lowMean the smallest mean of a stretch, at most 0
 * @param highMean the largest, at least 0
 * @param lowSquare the smallest mean square, at most 1
 * @param highSquare the largest, at least 1
 * @param shares of the whole and of each stretch, by bin
 */
record Regimes(
    double lowMean, double highMean, double lowSquare, double highSquare, double[][] shares) {
  static Regimes of(Baseline baseline, Bins bins) {
    double[][] shares = new double[baseline.regimes().size() + 1][];
    shares[0] = bins.shares();
    double lowMean = 0;
    double highMean = 0;
    double lowSquare = 1;
    double highSquare = 1;
    for (int r = 1; r < shares.length; r++) {
      shares[r] = Baseline.array(baseline.regimes().get(r - 1));
      double mean = 0;
      double square = 0;
      for (int b = 0; b < bins.size(); b++) {
        mean += shares[r][b] * bins.mean(b);
        square += shares[r][b] * bins.square(b);
      }
      lowMean = Math.min(lowMean, mean);
      highMean = Math.max(highMean, mean);
      lowSquare = Math.min(lowSquare, square);
      highSquare = Math.max(highSquare, square);
    }
    return new Regimes(lowMean, highMean, lowSquare, highSquare, shares);
  }
}
