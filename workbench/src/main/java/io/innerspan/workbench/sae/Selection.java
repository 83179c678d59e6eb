package io.innerspan.workbench.sae;

import java.util.Arrays;

/** Which pre-activations stay; of equal ones that with the lower index. */
final class Selection {
  /**
   * The k largest of each row that are above 0 (Gao et al. 2024, arXiv 2406.04093).
   *
   * @param pre {@code [n, features]}
   */
  static SparseCode topK(float[] pre, int features, int k) {
    int n = pre.length / features;
    int[] splits = new int[n + 1];
    int[] index = new int[n * k];
    float[] value = new float[n * k];
    float[] copy = new float[features];
    int at = 0;
    for (int row = 0; row < n; row++) {
      int from = row * features;
      System.arraycopy(pre, from, copy, 0, features);
      float threshold = Math.max(0, largest(copy, features, k));
      int ties = k;
      for (int f = 0; f < features; f++) {
        ties -= pre[from + f] > threshold ? 1 : 0;
      }
      for (int f = 0; f < features; f++) {
        float activation = pre[from + f];
        boolean tied = activation == threshold && activation > 0 && ties-- > 0;
        if (activation > threshold || tied) {
          index[at] = f;
          value[at++] = activation;
        }
      }
      splits[row + 1] = at;
    }
    return new SparseCode(splits, Arrays.copyOf(index, at), Arrays.copyOf(value, at));
  }

  /**
   * The {@code n · k} largest of all rows together that are above 0 (Bussmann et al. 2024, arXiv
   * 2412.06410).
   */
  static SparseCode batchTopK(float[] pre, int features, int k) {
    int n = pre.length / features;
    float[] positive = new float[pre.length];
    int count = 0;
    for (float value : pre) {
      if (value > 0) {
        positive[count++] = value;
      }
    }
    int kept = (int) Math.min((long) n * k, count);
    float threshold = kept == 0 ? 0 : largest(positive, count, kept);
    int ties = kept;
    for (int i = 0; i < count; i++) {
      ties -= positive[i] > threshold ? 1 : 0;
    }
    // The partition has moved them, but not changed which there are.
    int[] splits = new int[n + 1];
    int[] index = new int[kept];
    float[] value = new float[kept];
    int at = 0;
    for (int row = 0; row < n; row++) {
      for (int f = 0; f < features; f++) {
        float activation = pre[row * features + f];
        boolean tied = activation == threshold && activation > 0 && ties-- > 0;
        if (activation > 0 && (activation > threshold || tied)) {
          index[at] = f;
          value[at++] = activation;
        }
      }
      splits[row + 1] = at;
    }
    return new SparseCode(splits, index, value);
  }

  /** The k-th largest of the first {@code n} values, which are moved about. */
  static float largest(float[] values, int n, int k) {
    if (k >= n) {
      float least = Float.POSITIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        least = Math.min(least, values[i]);
      }
      return k > n ? Float.NEGATIVE_INFINITY : least;
    }
    int low = 0;
    int high = n - 1;
    int wanted = k - 1;
    while (low < high) {
      float pivot = values[(low + high) >>> 1];
      int i = low;
      int j = high;
      while (i <= j) {
        while (values[i] > pivot) {
          i++;
        }
        while (values[j] < pivot) {
          j--;
        }
        if (i <= j) {
          float swapped = values[i];
          values[i++] = values[j];
          values[j--] = swapped;
        }
      }
      if (wanted <= j) {
        high = j;
      } else if (wanted >= i) {
        low = i;
      } else {
        break;
      }
    }
    return values[wanted];
  }

  private Selection() {}
}
