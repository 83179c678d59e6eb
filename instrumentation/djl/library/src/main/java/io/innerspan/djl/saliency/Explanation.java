package io.innerspan.djl.saliency;

import io.innerspan.signals.saliency.Attribution;
import io.innerspan.signals.saliency.Baseline;

/**
 * Why a model gave a score.
 *
 * @param attribution by token or by feature of the row
 * @param tokens whether the parts are tokens
 * @param baseline that they are compared with
 * @param target which of the scores: the class that had the largest
 */
public record Explanation(Attribution attribution, boolean tokens, Baseline baseline, int target) {}
