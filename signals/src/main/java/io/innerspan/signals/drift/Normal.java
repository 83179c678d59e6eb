package io.innerspan.signals.drift;

/** The distributions that thresholds are taken from. */
final class Normal {
  // Wichura, Algorithm AS 241 (PPND16): relative error about 1e-16.
  private static final double[] A = {
    3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3,
    1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
    3.3430575583588128105e+4, 2.5090809287301226727e+3
  };
  private static final double[] B = {
    1.0,
    4.2313330701600911252e+1,
    6.8718700749205790830e+2,
    5.3941960214247511077e+3,
    2.1213794301586595867e+4,
    3.9307895800092710610e+4,
    2.8729085735721942674e+4,
    5.2264952788528545610e+3
  };
  private static final double[] C = {
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
    3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
    2.27238449892691845833e-2, 7.74545014278341407640e-4
  };
  private static final double[] D = {
    1.0,
    2.05319162663775882187e0,
    1.67638483018380384940e0,
    6.89767334985100004550e-1,
    1.48103976427480074590e-1,
    1.51986665636164571966e-2,
    5.47593808499534494600e-4,
    1.05075007164441684324e-9
  };
  private static final double[] E = {
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
    2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
    2.71155556874348757815e-5, 2.01033439929228813265e-7
  };
  private static final double[] F = {
    1.0,
    5.99832206555887937690e-1,
    1.36929880922735805310e-1,
    1.48753612908506148525e-2,
    7.86869131145613259100e-4,
    1.84631831751005468180e-5,
    1.42151175831644588870e-7,
    2.04426310338993978564e-15
  };

  private static final int STEPS = 500;
  private static final double TINY = 1e-300;

  /** The share of a standard normal distribution below a value. */
  static double below(double z) {
    if (z == 0) {
      return 0.5;
    }
    double tail = 0.5 * upperGamma(0.5, z * z / 2);
    return z < 0 ? tail : 1 - tail;
  }

  /** The share of a standard normal distribution between two values, exact in the tails. */
  static double between(double low, double high) {
    if (low > 0) {
      return below(-low) - below(-high);
    }
    return below(high) - below(low);
  }

  /** The value that has this share below it; infinite at 0 and 1. */
  static double quantile(double share) {
    if (share <= 0) {
      return Double.NEGATIVE_INFINITY;
    }
    if (share >= 1) {
      return Double.POSITIVE_INFINITY;
    }
    double q = share - 0.5;
    if (Math.abs(q) <= 0.425) {
      double r = 0.180625 - q * q;
      return q * polynomial(A, r) / polynomial(B, r);
    }
    double r = Math.sqrt(-Math.log(q < 0 ? share : 1 - share));
    double value =
        r <= 5
            ? polynomial(C, r - 1.6) / polynomial(D, r - 1.6)
            : polynomial(E, r - 5) / polynomial(F, r - 5);
    return q < 0 ? -value : value;
  }

  /** The density at a value. */
  static double density(double z) {
    return Double.isInfinite(z) ? 0 : Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  /** The share of a chi-squared distribution above a value. */
  static double chiSquaredAbove(double value, int degrees) {
    return value <= 0 ? 1 : upperGamma(degrees / 2.0, value / 2);
  }

  /** The regularised upper incomplete gamma function Q(a, x) (Numerical Recipes, 6.2). */
  private static double upperGamma(double a, double x) {
    if (Double.isInfinite(x)) {
      return 0;
    }
    double front = Math.exp(-x + a * Math.log(x) - logGamma(a));
    if (x < a + 1) {
      double term = 1 / a;
      double sum = term;
      for (int n = 1; n < STEPS && Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
        term *= x / (a + n);
        sum += term;
      }
      return 1 - sum * front;
    }
    double b = x + 1 - a;
    double c = 1 / TINY;
    double d = 1 / b;
    double h = d;
    for (int i = 1; i < STEPS; i++) {
      double an = -i * (i - a);
      b += 2;
      d = an * d + b;
      d = Math.abs(d) < TINY ? TINY : d;
      c = b + an / c;
      c = Math.abs(c) < TINY ? TINY : c;
      d = 1 / d;
      double step = d * c;
      h *= step;
      if (Math.abs(step - 1) < 1e-16) {
        break;
      }
    }
    return front * h;
  }

  /** Lanczos' approximation, relative error below 1e-10. */
  private static double logGamma(double x) {
    double[] c = {
      76.18009172947146, -86.50532032941677, 24.01409824083091,
      -1.231739572450155, 0.1208650973866179e-2, -0.5395239384953e-5
    };
    double t = x + 5.5 - (x + 0.5) * Math.log(x + 5.5);
    double sum = 1.000000000190015;
    for (int i = 0; i < c.length; i++) {
      sum += c[i] / (x + 1 + i);
    }
    return -t + Math.log(2.5066282746310005 * sum / x);
  }

  private static double polynomial(double[] c, double x) {
    double sum = 0;
    for (int i = c.length - 1; i >= 0; i--) {
      sum = sum * x + c[i];
    }
    return sum;
  }

  private Normal() {}
}
