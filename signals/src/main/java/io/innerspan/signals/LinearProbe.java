package io.innerspan.signals;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A linear probe: {@code logit = weight · x + bias}, pooled over the real tokens of a row.
 *
 * @param id the signal's id
 * @param hookPoint where the activation {@code [batch, tokens, width]} is read
 * @param pooling how tokens become one value
 * @param weight the direction, {@code [width]}, finite; copied on the way in and out
 * @param bias the offset, finite
 * @param calibration from logit to score
 * @param threshold where the positive label begins, or null when the pack names none
 * @param positiveLabel the label at or above the threshold
 * @param negativeLabel the label below it
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
public record LinearProbe(
    String id,
    HookPoint hookPoint,
    Pooling pooling,
    float[] weight,
    float bias,
    Calibration calibration,
    @Nullable Threshold threshold,
    String positiveLabel,
    String negativeLabel)
    implements Probe {
  public LinearProbe {
    Checks.id(id);
    Objects.requireNonNull(hookPoint, "hookPoint");
    Objects.requireNonNull(pooling, "pooling");
    Objects.requireNonNull(calibration, "calibration");
    weight = Checks.weights("weight", weight);
    Checks.finite("bias", bias);
    Checks.labels(positiveLabel, negativeLabel);
  }

  /** A copy of the direction, {@code [width]}. */
  @Override
  public float[] weight() {
    return weight.clone();
  }

  /** The direction's value at {@code index}. */
  public float weight(int index) {
    return weight[index];
  }

  @Override
  public int width() {
    return weight.length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LinearProbe that
        && id.equals(that.id)
        && hookPoint.equals(that.hookPoint)
        && pooling.equals(that.pooling)
        && Arrays.equals(weight, that.weight)
        && Float.compare(bias, that.bias) == 0
        && calibration.equals(that.calibration)
        && Objects.equals(threshold, that.threshold)
        && positiveLabel.equals(that.positiveLabel)
        && negativeLabel.equals(that.negativeLabel);
  }

  @Override
  public int hashCode() {
    return Objects.hash(
        id,
        hookPoint,
        pooling,
        Arrays.hashCode(weight),
        bias,
        calibration,
        threshold,
        positiveLabel,
        negativeLabel);
  }

  @Override
  public String toString() {
    return "LinearProbe[" + id + " at " + hookPoint + ", " + pooling + ", " + width() + " wide]";
  }
}
