package io.innerspan.workbench.sae;

import java.util.Arrays;

/**
 * One number of each feature for each text, of which most are 0: kept by feature, so that memory
 * grows with what is active and not with texts × features.
 */
public final class FeatureColumns {
  private final int texts;
  private final int[][] text;
  private final float[][] value;

  private FeatureColumns(int texts, int[][] text, float[][] value) {
    this.texts = texts;
    this.text = text;
    this.value = value;
  }

  /** Takes numbers, text by text. */
  static final class Builder {
    private final int[][] text;
    private final float[][] value;
    private final int[] count;

    Builder(int features) {
      text = new int[features][0];
      value = new float[features][0];
      count = new int[features];
    }

    /** Adds a number of a text that is none of those before the last one added to. */
    void put(int ofText, int feature, float number) {
      int at = count[feature]++;
      if (at == text[feature].length) {
        text[feature] = Arrays.copyOf(text[feature], Math.max(4, 2 * at));
        value[feature] = Arrays.copyOf(value[feature], text[feature].length);
      }
      text[feature][at] = ofText;
      value[feature][at] = number;
    }

    FeatureColumns build(int texts) {
      for (int f = 0; f < count.length; f++) {
        text[f] = Arrays.copyOf(text[f], count[f]);
        value[f] = Arrays.copyOf(value[f], count[f]);
      }
      return new FeatureColumns(texts, text, value);
    }
  }

  /** The number of texts. */
  public int texts() {
    return texts;
  }

  /** The number of features. */
  public int features() {
    return text.length;
  }

  /** One feature's numbers, by text. */
  public float[] column(int feature) {
    float[] column = new float[texts];
    for (int i = 0; i < text[feature].length; i++) {
      column[text[feature][i]] = value[feature][i];
    }
    return column;
  }

  /**
   * Some of the texts.
   *
   * @param chosen ascending; they are numbered anew in this order
   */
  public FeatureColumns at(int[] chosen) {
    int[] number = new int[texts];
    Arrays.fill(number, -1);
    for (int i = 0; i < chosen.length; i++) {
      number[chosen[i]] = i;
    }
    Builder builder = new Builder(features());
    for (int f = 0; f < text.length; f++) {
      for (int i = 0; i < text[f].length; i++) {
        if (number[text[f][i]] >= 0) {
          builder.put(number[text[f][i]], f, value[f][i]);
        }
      }
    }
    return builder.build(chosen.length);
  }

  /** By feature, the mean of positive texts minus that of the others. */
  double[] differenceOfMeans(boolean[] positive) {
    int positives = 0;
    for (boolean each : positive) {
      positives += each ? 1 : 0;
    }
    double[] difference = new double[features()];
    for (int f = 0; f < difference.length; f++) {
      double of = 0;
      double others = 0;
      for (int i = 0; i < text[f].length; i++) {
        if (positive[text[f][i]]) {
          of += value[f][i];
        } else {
          others += value[f][i];
        }
      }
      difference[f] = of / positives - others / (positive.length - positives);
    }
    return difference;
  }
}
