package io.innerspan.signals;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A linear probe: {@code logit = weight · x + bias}, pooled over the real tokens of a row.
 *
 * @param id the signal's id
 * @param hookPoint where the activation {@code [batch, tokens, width]} is read
 * @param tokens which of the real tokens take part
 * @param pooling how tokens become one value
 * @param direction the weights, {@code [width]}
 * @param bias the offset, finite
 * @param calibration from logit to score
 * @param threshold where the positive label begins, or null when the pack names none
 * @param positiveLabel the label at or above the threshold
 * @param negativeLabel the label below it
 */
public record LinearProbe(
    String id,
    HookPoint hookPoint,
    TokenSelection tokens,
    Pooling pooling,
    Floats direction,
    float bias,
    Calibration calibration,
    @Nullable Threshold threshold,
    String positiveLabel,
    String negativeLabel)
    implements Probe {
  public LinearProbe {
    Checks.id(id);
    Objects.requireNonNull(hookPoint, "hookPoint");
    Objects.requireNonNull(tokens, "tokens");
    Objects.requireNonNull(pooling, "pooling");
    Objects.requireNonNull(calibration, "calibration");
    if (direction.isEmpty()) {
      throw new InvalidValueException("weight", "at least 1 value", "0");
    }
    Checks.finite("bias", bias);
    Checks.labels(positiveLabel, negativeLabel);
  }

  /** A probe of all real tokens, with a copy of its weights. */
  public LinearProbe(
      String id,
      HookPoint hookPoint,
      Pooling pooling,
      float[] weight,
      float bias,
      Calibration calibration,
      @Nullable Threshold threshold,
      String positiveLabel,
      String negativeLabel) {
    this(
        id,
        hookPoint,
        TokenSelection.ALL,
        pooling,
        Floats.of("weight", weight),
        bias,
        calibration,
        threshold,
        positiveLabel,
        negativeLabel);
  }

  /** A copy of the direction, {@code [width]}. */
  public float[] weight() {
    return direction.toArray();
  }

  /** The direction's value at {@code index}. */
  public float weight(int index) {
    return direction.get(index);
  }

  @Override
  public LinearProbe with(Calibration other, @Nullable Threshold otherThreshold) {
    return new LinearProbe(
        id,
        hookPoint,
        tokens,
        pooling,
        direction,
        bias,
        other,
        otherThreshold,
        positiveLabel,
        negativeLabel);
  }

  @Override
  public int width() {
    return direction.size();
  }

  @Override
  public String toString() {
    return "LinearProbe[" + id + " at " + hookPoint + ", " + pooling + ", " + width() + " wide]";
  }
}
