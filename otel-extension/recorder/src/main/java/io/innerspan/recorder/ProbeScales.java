package io.innerspan.recorder;

import io.innerspan.signals.Calibration;
import java.util.List;

/**
 * The calibrations of many probes, side by side in memory; what they say of a logit is to the last
 * bit what {@link Calibration} says. Immutable.
 */
final class ProbeScales {
  private final Calibration[] calibrations;

  // A calibrated logit is raw / divisor * slope + offset. Other curves have no divisor, NaN.
  private final double[] divisors;
  private final double[] slopes;
  private final double[] offsets;

  ProbeScales(List<Calibration> calibrations) {
    int size = calibrations.size();
    this.calibrations = calibrations.toArray(Calibration[]::new);
    this.divisors = new double[size];
    this.slopes = new double[size];
    this.offsets = new double[size];
    for (int i = 0; i < size; i++) {
      Calibration calibration = calibrations.get(i);
      divisors[i] = calibration instanceof Calibration.Isotonic ? Double.NaN : 1;
      slopes[i] = 1;
      offsets[i] = -0.0; // Added to anything, also to -0.0, it changes nothing.
      if (calibration instanceof Calibration.Temperature temperature) {
        divisors[i] = temperature.t();
      } else if (calibration instanceof Calibration.Platt platt) {
        slopes[i] = platt.a();
        offsets[i] = platt.b();
      }
    }
  }

  /** The calibrated logit of a probe. */
  double logit(int probe, double raw) {
    double logit = raw / divisors[probe] * slopes[probe] + offsets[probe];
    return Double.isNaN(logit) ? calibrations[probe].logit(raw) : logit;
  }

  /** The score of a probe. */
  double score(int probe, double raw) {
    double logit = raw / divisors[probe] * slopes[probe] + offsets[probe];
    return Double.isNaN(logit) ? calibrations[probe].score(raw) : 1 / (1 + Math.exp(-logit));
  }
}
