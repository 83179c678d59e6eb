package io.innerspan.workbench.sae;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.TokenSelection;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.ReinsertionSession;
import io.innerspan.workbench.model.ReinsertionSession.Batch;
import io.innerspan.workbench.model.TokenIds;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a model loses when its activation is replaced by the reconstruction, against what it loses
 * when the activation says nothing: {@code (ablated − reconstructed) / (ablated − original)}, 1 for
 * no loss. Means over texts; only the tokens that the autoencoder was trained for are replaced.
 *
 * @param measure what the loss is
 * @param original the loss of the model as it is
 * @param reconstructed the loss with the reconstruction
 * @param mean the loss with the mean activation instead
 * @param zero the loss with zeros instead
 * @param texts how many texts
 */
public record LossRecovered(
    Measure measure, double original, double reconstructed, double mean, double zero, int texts) {
  /** What is called the loss. */
  public enum Measure {
    /** Cross-entropy of each next token, in nats; for decoders. */
    CROSS_ENTROPY,
    /** KL divergence of the original's answers from the changed ones, in nats; for logits. */
    KL,
    /**
     * 1 − cosine of the original output and the changed one (means over tokens); for embeddings.
     */
    COSINE
  }

  /** The mean of several, of the same measure and texts. */
  static LossRecovered mean(List<LossRecovered> all) {
    double[] sums = new double[4];
    for (LossRecovered each : all) {
      sums[0] += each.original / all.size();
      sums[1] += each.reconstructed / all.size();
      sums[2] += each.mean / all.size();
      sums[3] += each.zero / all.size();
    }
    LossRecovered first = all.get(0);
    return new LossRecovered(first.measure, sums[0], sums[1], sums[2], sums[3], first.texts);
  }

  /** The share of the loss that the reconstruction recovers from mean ablation. */
  public double recoveredFromMean() {
    return (mean - reconstructed) / (mean - original);
  }

  /** The share of the loss that the reconstruction recovers from zero ablation. */
  public double recoveredFromZero() {
    return (zero - reconstructed) / (zero - original);
  }

  /**
   * Measures.
   *
   * @param reconstruct from {@code [n, width]} to {@code [n, width]}
   * @param meanActivation what mean ablation puts in place, {@code [width]}
   * @param tokens which tokens are replaced
   * @param measure or null: KL where the output's name speaks of logits, else COSINE
   */
  public static LossRecovered of(
      OnnxTextModel model,
      HookPoint hookPoint,
      @Nullable String output,
      @Nullable Measure measure,
      UnaryOperator<float[]> reconstruct,
      float[] meanActivation,
      TokenSelection tokens,
      List<TokenIds> texts,
      Progress.Counter progress) {
    try (ReinsertionSession session = model.reinsertion(hookPoint, output)) {
      ReinsertionSession.Output answer = session.output();
      boolean logits = answer.name().toLowerCase(Locale.ROOT).contains("logit");
      Measure chosen = measure == null ? (logits ? Measure.KL : Measure.COSINE) : measure;
      if (chosen == Measure.CROSS_ENTROPY && !answer.perToken()) {
        throw new BadInput(
            "--loss: expected kl or cosine for the output '"
                + answer.name()
                + "', which has no answer per token, found cross_entropy");
      }
      double[] sums = new double[4];
      int counted = 0;
      for (List<Integer> batch : ReinsertionSession.batches(texts)) {
        Batch run = session.run(batch.stream().map(texts::get).toList());
        int width = meanActivation.length;
        if (run.width() != width) {
          throw new BadInput(
              hookPoint + ": expected the width " + width + ", found " + run.width());
        }
        float[] reconstruction = reconstruct.apply(run.activation());
        float[] zeros = new float[width];
        float[][] outputs = {
          run.output(),
          session.run(run, replaced(run, tokens, reconstruction, false)),
          session.run(run, replaced(run, tokens, meanActivation, true)),
          session.run(run, replaced(run, tokens, zeros, true))
        };
        OutputLoss loss = new OutputLoss(chosen, answer.perToken(), run);
        for (int row = 0; row < batch.size(); row++) {
          if (loss.counts(row)) {
            for (int i = 0; i < sums.length; i++) {
              sums[i] += loss.of(outputs[i], row);
            }
            counted++;
          }
        }
        progress.add(batch.size());
      }
      int n = Math.max(1, counted);
      return new LossRecovered(chosen, sums[0] / n, sums[1] / n, sums[2] / n, sums[3] / n, counted);
    }
  }

  /** The activation with other values at the tokens that take part. */
  private static float[] replaced(
      Batch run, TokenSelection tokens, float[] values, boolean repeated) {
    float[] replaced = run.activation().clone();
    int width = run.width();
    for (int row = 0; row < run.rows().size(); row++) {
      TokenIds ids = run.rows().get(row);
      for (int token = 0; token < ids.length(); token++) {
        if (tokens.includes(ids.ids()[token])) {
          int at = (row * run.longest() + token) * width;
          System.arraycopy(values, repeated ? 0 : at, replaced, at, width);
        }
      }
    }
    return replaced;
  }
}
