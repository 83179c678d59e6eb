package io.innerspan.workbench.stats;

/**
 * Fits {@code probability = σ(a · logit + b)} by maximum likelihood with Platt's smoothed targets.
 *
 * <p>Newton's method with backtracking after Lin, Lin and Weng, "A note on Platt's probabilistic
 * outputs for support vector machines", 2007.
 *
 * @param a the slope
 * @param b the offset
 */
public record PlattScaling(double a, double b) {
  private static final int MOST_STEPS = 100;
  private static final double RIDGE = 1e-12;

  /**
   * Fits slope and offset.
   *
   * @param logits by row
   * @param positive whether a row's label is the positive one; both occur
   * @param positiveShare the share of positives to calibrate to, in (0, 1): rows are weighted so
   *     that theirs is this
   */
  public static PlattScaling fit(double[] logits, boolean[] positive, double positiveShare) {
    double positives = 0;
    for (boolean p : positive) {
      positives += p ? 1 : 0;
    }
    double ofPositive = positiveShare * positive.length / positives;
    double ofOther = (1 - positiveShare) * positive.length / (positive.length - positives);
    double high = (positives + 1) / (positives + 2);
    double low = 1 / (positive.length - positives + 2);
    double[] target = new double[positive.length];
    double[] weight = new double[positive.length];
    for (int i = 0; i < target.length; i++) {
      target[i] = positive[i] ? high : low;
      weight[i] = positive[i] ? ofPositive : ofOther;
    }
    double a = 0;
    double b = Math.log(positiveShare / (1 - positiveShare));
    double loss = loss(logits, target, weight, a, b);
    for (int step = 0; step < MOST_STEPS; step++) {
      double ga = 0;
      double gb = 0;
      double haa = RIDGE;
      double hbb = RIDGE;
      double hab = 0;
      for (int i = 0; i < logits.length; i++) {
        double p = 1 / (1 + Math.exp(-(a * logits[i] + b)));
        double d = weight[i] * (p - target[i]);
        double h = weight[i] * p * (1 - p);
        ga += d * logits[i];
        gb += d;
        haa += h * logits[i] * logits[i];
        hbb += h;
        hab += h * logits[i];
      }
      if (Math.abs(ga) < 1e-9 && Math.abs(gb) < 1e-9) {
        break;
      }
      double determinant = haa * hbb - hab * hab;
      double da = -(hbb * ga - hab * gb) / determinant;
      double db = -(haa * gb - hab * ga) / determinant;
      double slope = ga * da + gb * db;
      double size = 1;
      double next = loss(logits, target, weight, a + da, b + db);
      while (next > loss + 1e-4 * size * slope && size > 1e-10) {
        size /= 2;
        next = loss(logits, target, weight, a + size * da, b + size * db);
      }
      if (!(next < loss)) {
        break;
      }
      a += size * da;
      b += size * db;
      loss = next;
    }
    return new PlattScaling(a, b);
  }

  private static double loss(
      double[] logits, double[] target, double[] weight, double a, double b) {
    double loss = 0;
    for (int i = 0; i < logits.length; i++) {
      double z = a * logits[i] + b;
      // log(1 + e^z) − t·z, without overflow on either side.
      loss += weight[i] * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - target[i] * z);
    }
    return loss;
  }
}
