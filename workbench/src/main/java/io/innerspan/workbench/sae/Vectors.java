package io.innerspan.workbench.sae;

/** Products of parts of arrays, in one fixed order. */
final class Vectors {
  private Vectors() {}

  /** Σ a·b; eight sums, so that the processor need not wait for each. */
  static float dot(float[] a, int aFrom, float[] b, int bFrom, int length) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      int x = aFrom + i;
      int y = bFrom + i;
      s0 += a[x] * b[y];
      s1 += a[x + 1] * b[y + 1];
      s2 += a[x + 2] * b[y + 2];
      s3 += a[x + 3] * b[y + 3];
      s4 += a[x + 4] * b[y + 4];
      s5 += a[x + 5] * b[y + 5];
      s6 += a[x + 6] * b[y + 6];
      s7 += a[x + 7] * b[y + 7];
    }
    float sum = (s0 + s4) + (s1 + s5) + (s2 + s6) + (s3 + s7);
    for (; i < length; i++) {
      sum += a[aFrom + i] * b[bFrom + i];
    }
    return sum;
  }

  /** {@code a += factor · b}. */
  static void add(float[] a, int aFrom, float factor, float[] b, int bFrom, int length) {
    for (int i = 0; i < length; i++) {
      a[aFrom + i] += factor * b[bFrom + i];
    }
  }
}
