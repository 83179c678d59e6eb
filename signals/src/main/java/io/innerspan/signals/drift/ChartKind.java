package io.innerspan.signals.drift;

/** What a chart looks for. On the normal scale the baseline has mean 0 and variance 1. */
enum ChartKind {
  MEAN_ABOVE("cusum_mean", 1),
  MEAN_BELOW("cusum_mean", -1),
  SPREAD_ABOVE("cusum_spread", 1),
  SPREAD_BELOW("cusum_spread", -1),
  TAIL_ABOVE("cusum_tail", 1),
  TAIL_BELOW("cusum_tail", -1);

  // The changes that the charts find soonest: they find others too, larger ones sooner.
  private static final double SHIFT = 0.5;
  private static final double WIDER = 1.5;
  private static final double NARROWER = 0.6;
  private static final double CLUSTER_SHARE = 0.05;
  private static final double CLUSTER_PLACE = 3;

  private final String method;
  private final int direction;

  ChartKind(String method, int direction) {
    this.method = method;
    this.direction = direction;
  }

  String method() {
    return method;
  }

  int direction() {
    return direction;
  }

  /** What each bin holds while all is well, at worst. */
  double[] usual(Bins bins, Regimes regimes) {
    return switch (this) {
      case MEAN_ABOVE, TAIL_ABOVE -> bins.shifted(regimes.highMean(), 1);
      case MEAN_BELOW, TAIL_BELOW -> bins.shifted(regimes.lowMean(), 1);
      case SPREAD_ABOVE -> bins.shifted(0, Math.sqrt(regimes.highSquare()));
      case SPREAD_BELOW -> bins.shifted(0, Math.sqrt(regimes.lowSquare()));
    };
  }

  /** What each bin holds after the change. */
  double[] changed(Bins bins, Regimes regimes) {
    return switch (this) {
      case MEAN_ABOVE -> bins.shifted(regimes.highMean() + SHIFT, 1);
      case MEAN_BELOW -> bins.shifted(regimes.lowMean() - SHIFT, 1);
      case SPREAD_ABOVE -> bins.shifted(0, Math.sqrt(WIDER * regimes.highSquare()));
      case SPREAD_BELOW -> bins.shifted(0, Math.sqrt(NARROWER * regimes.lowSquare()));
      case TAIL_ABOVE ->
          mixed(
              bins.shifted(regimes.highMean(), 1),
              bins.shifted(regimes.highMean() + CLUSTER_PLACE, 1));
      case TAIL_BELOW ->
          mixed(
              bins.shifted(regimes.lowMean(), 1),
              bins.shifted(regimes.lowMean() - CLUSTER_PLACE, 1));
    };
  }

  /** What a value of the bin adds to the effect, which is the mean of it. */
  double effect(Bins bins, int bin) {
    return switch (this) {
      case MEAN_ABOVE, MEAN_BELOW -> bins.mean(bin);
      case SPREAD_ABOVE, SPREAD_BELOW -> bins.square(bin);
      case TAIL_ABOVE -> bin == bins.size() - 1 ? 1 : 0;
      case TAIL_BELOW -> bin == 0 ? 1 : 0;
    };
  }

  /** How much of exp(−limit) the overshoot takes: Siegmund's correction, squared, for means. */
  double overshoot() {
    return switch (this) {
      case MEAN_ABOVE, MEAN_BELOW -> Math.exp(-2 * 0.583 * SHIFT);
      default -> 1;
    };
  }

  private static double[] mixed(double[] most, double[] cluster) {
    double[] mixed = new double[most.length];
    for (int b = 0; b < mixed.length; b++) {
      mixed[b] = (1 - CLUSTER_SHARE) * most[b] + CLUSTER_SHARE * cluster[b];
    }
    return mixed;
  }
}
