package io.innerspan.signals;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A linear probe of what an MLP makes of each token's activation.
 *
 * @param mlp applied to each token
 * @param readout the linear probe of what comes out; its id and hook point are this probe's
 */
public record MlpProbe(Mlp mlp, LinearProbe readout) implements Probe {
  public MlpProbe {
    Objects.requireNonNull(mlp, "mlp");
    if (readout.width() != mlp.out()) {
      throw new InvalidValueException(
          "weight", "the width " + mlp.out() + " that the MLP gives", readout.width());
    }
  }

  @Override
  public MlpProbe with(Calibration other, @Nullable Threshold otherThreshold) {
    return new MlpProbe(mlp, readout.with(other, otherThreshold));
  }

  @Override
  public String id() {
    return readout.id();
  }

  @Override
  public HookPoint hookPoint() {
    return readout.hookPoint();
  }

  @Override
  public TokenSelection tokens() {
    return readout.tokens();
  }

  @Override
  public int width() {
    return mlp.in();
  }

  @Override
  public Calibration calibration() {
    return readout.calibration();
  }

  @Override
  public @Nullable Threshold threshold() {
    return readout.threshold();
  }

  @Override
  public String positiveLabel() {
    return readout.positiveLabel();
  }

  @Override
  public String negativeLabel() {
    return readout.negativeLabel();
  }
}
