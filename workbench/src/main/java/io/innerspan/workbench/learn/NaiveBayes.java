package io.innerspan.workbench.learn;

import io.innerspan.signals.pack.SeenData;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Multinomial naive Bayes on the character n-grams of texts. N-grams are hashed into 2²⁰ places, so
 * that memory does not grow with the texts; two that share a place count as one.
 */
public final class NaiveBayes implements TextScorer {
  private static final int PLACES = 1 << 20;
  private static final int SHORTEST = 2;
  private static final int LONGEST = 4;

  private final double[] evidence;
  private final double prior;
  private final double unseen;

  private NaiveBayes(Counts counts, double alpha) {
    double vocabulary = counts.seen.cardinality();
    double positives = Math.log(counts.total[1] + alpha * vocabulary);
    double others = Math.log(counts.total[0] + alpha * vocabulary);
    unseen = others - positives;
    prior = Math.log((double) counts.texts[1] / counts.texts[0]);
    evidence = new double[PLACES];
    for (int p = counts.seen.nextSetBit(0); p >= 0; p = counts.seen.nextSetBit(p + 1)) {
      evidence[p] = Math.log(counts.of[1][p] + alpha) - Math.log(counts.of[0][p] + alpha);
    }
  }

  /**
   * Counts once, and gives a scorer for each strength of smoothing.
   *
   * @param texts both labels occur
   * @param alphas what is added to each n-gram's count
   */
  public static List<TextScorer> learnt(List<String> texts, boolean[] positive, double[] alphas) {
    Counts counts = new Counts();
    for (int i = 0; i < positive.length; i++) {
      counts.add(texts.get(i), positive[i] ? 1 : 0);
    }
    List<TextScorer> scorers = new ArrayList<>();
    for (double alpha : alphas) {
      scorers.add(new NaiveBayes(counts, alpha));
    }
    return scorers;
  }

  /** The log odds of the label given the text's n-grams, as if they were independent. */
  @Override
  public double logit(String text) {
    double[] sum = {prior};
    visit(text, place -> sum[0] += evidence[place] + unseen);
    return sum[0];
  }

  private interface Visitor {
    void visit(int place);
  }

  private static void visit(String text, Visitor visitor) {
    String padded = " " + SeenData.normalised(text) + " ";
    for (int from = 0; from < padded.length(); from++) {
      int hash = 0;
      int to = Math.min(padded.length(), from + LONGEST);
      for (int at = from; at < to; at++) {
        hash = (hash + padded.charAt(at) + 1) * 0x9E3779B1;
        if (at - from + 1 >= SHORTEST) {
          visitor.visit((hash ^ (hash >>> 15)) & (PLACES - 1));
        }
      }
    }
  }

  private static final class Counts {
    private final float[][] of = new float[2][PLACES];
    private final double[] total = new double[2];
    private final int[] texts = new int[2];
    private final BitSet seen = new BitSet(PLACES);

    void add(String text, int label) {
      texts[label]++;
      visit(
          text,
          place -> {
            of[label][place]++;
            total[label]++;
            seen.set(place);
          });
    }
  }
}
