package io.innerspan.workbench.calibrate;

import io.innerspan.signals.Calibration;
import io.innerspan.workbench.calibrate.CalibrateOptions.Method;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.stats.IsotonicRegression;
import io.innerspan.workbench.stats.PlattScaling;
import io.innerspan.workbench.stats.TemperatureScaling;

/** Fits one kind of calibration. */
final class ScoreFit {
  /**
   * Fits to rows.
   *
   * @param now the probe's calibration, for {@link Method#KEEP}
   * @param positiveShare the share of positives to calibrate to
   * @throws BadInput when the rows allow none of the kind
   */
  static Calibration of(Method method, Calibration now, Scoring rows, double positiveShare) {
    return switch (method) {
      case KEEP -> now;
      case NONE -> new Calibration.None();
      case PLATT -> platt(rows, positiveShare);
      case TEMPERATURE -> temperature(rows, positiveShare);
      case ISOTONIC -> isotonic(rows, positiveShare);
    };
  }

  private static Calibration platt(Scoring rows, double positiveShare) {
    PlattScaling platt = PlattScaling.fit(rows.logits(), rows.positive(), positiveShare);
    if (!(platt.a() > 0)) {
      throw new BadInput(
          "--method platt: expected logits that rise with the label, found the slope " + platt.a());
    }
    return new Calibration.Platt(platt.a(), platt.b());
  }

  private static Calibration temperature(Scoring rows, double positiveShare) {
    Double t = TemperatureScaling.fit(rows.logits(), rows.positive(), rows.weights(positiveShare));
    if (t == null) {
      throw new BadInput(
          "--method temperature: expected logits whose sign is right most of the time and wrong at"
              + " times, found rows that no temperature fits; try --method platt");
    }
    return new Calibration.Temperature(t);
  }

  private static Calibration isotonic(Scoring rows, double positiveShare) {
    Calibration.Isotonic curve =
        IsotonicRegression.fit(rows.logits(), rows.positive(), rows.weights(positiveShare));
    if (curve == null) {
      throw new BadInput("--method isotonic: expected at least two different logits, found one");
    }
    return curve;
  }

  private ScoreFit() {}
}
