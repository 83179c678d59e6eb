package io.innerspan.workbench.sae;

/**
 * How a sparse autoencoder is trained.
 *
 * @param kind which features of a batch stay active
 * @param features the size of the dictionary
 * @param k how many features are active per token (on average with {@link Kind#BATCH_TOPK})
 * @param steps of the optimizer
 * @param batch tokens per step
 * @param rate the learning rate
 * @param resampleEvery after how many steps features that were not active since are resampled; 0
 *     for never
 * @param seed of the first weights, the order of tokens and the resampling
 */
public record SaeTrainOptions(
    Kind kind,
    int features,
    int k,
    int steps,
    int batch,
    double rate,
    int resampleEvery,
    long seed) {
  /** The activation function. */
  public enum Kind {
    /** The k largest of each token. */
    TOPK,
    /** The k · n largest of n tokens; a threshold takes its place once it is trained. */
    BATCH_TOPK
  }

  /** The same with another seed. */
  public SaeTrainOptions withSeed(long other) {
    return new SaeTrainOptions(kind, features, k, steps, batch, rate, resampleEvery, other);
  }
}
