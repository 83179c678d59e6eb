package io.opentelemetry.javaagent.innerspan.bridge;

/**
 * What the score of one row of an inference is owed to.
 *
 * @param method {@code integrated_gradients}, {@code gradient_times_input} or {@code occlusion}
 * @param row of the batch, counted from 0
 * @param target which of the row's scores, counted from 0
 * @param baseline what stands for the absence of a part: {@code zero}, {@code mean} or {@code
 *     padding}
 * @param tokens whether the parts are tokens; else they are features
 * @param parts what is owed to each, in the input's order
 * @param score of the row
 * @param baselineScore of the baseline
 * @param completenessError how far the parts are from adding up to the difference of the scores, as
 *     a share of it; not a number when there is none
 */
@SuppressWarnings("ArrayRecordComponent")
public record Saliency(
    String method,
    int row,
    int target,
    String baseline,
    boolean tokens,
    double[] parts,
    double score,
    double baselineScore,
    double completenessError) {}
