package io.innerspan.workbench.sae;

/** One number of each feature of the text that is being read, most of them 0. */
final class FeatureSums {
  private final float[] number;
  private final int[] touched;
  private int count;

  FeatureSums(int features) {
    number = new float[features];
    touched = new int[features];
  }

  void add(int feature, float value) {
    touch(feature, value);
    number[feature] += value;
  }

  void raise(int feature, float value) {
    touch(feature, value);
    number[feature] = Math.max(number[feature], value);
  }

  private void touch(int feature, float value) {
    if (number[feature] == 0 && value > 0) {
      touched[count++] = feature;
    }
  }

  /** Writes the numbers, each divided, and begins anew. */
  void flush(int text, float divisor, FeatureColumns.Builder to) {
    for (int i = 0; i < count; i++) {
      to.put(text, touched[i], number[touched[i]] / divisor);
      number[touched[i]] = 0;
    }
    count = 0;
  }
}
