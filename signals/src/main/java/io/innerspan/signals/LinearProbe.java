package io.innerspan.signals;

import org.jspecify.annotations.Nullable;

/**
 * A linear probe: {@code logit = weight · x + bias}, pooled over the real tokens of a row.
 *
 * @param id the signal's id
 * @param hookPoint where the activation {@code [batch, tokens, width]} is read
 * @param pooling how tokens become one value
 * @param weight the direction, {@code [width]}
 * @param bias the offset
 * @param calibration from logit to score
 * @param threshold where the positive label begins, or null when the pack names none
 * @param positiveLabel the label at or above the threshold
 * @param negativeLabel the label below it
 */
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
    implements Signal {}
