package io.innerspan.workbench.learn;

import java.util.Arrays;

/** Adam (Kingma and Ba 2015, arXiv 1412.6980) with β₁ 0.9, β₂ 0.999, ε 1e-8, for one array. */
public final class Adam {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final float[] parameter;
  private final float[] first;
  private final float[] second;
  private int steps;

  /**
   * @param parameter what is learnt; it changes in place
   */
  public Adam(float[] parameter) {
    this.parameter = parameter;
    first = new float[parameter.length];
    second = new float[parameter.length];
  }

  /** One step down a gradient, which is set to 0. */
  public void step(float[] gradient, double rate) {
    steps++;
    float scale = (float) (rate / (1 - Math.pow(BETA1, steps)));
    float correction = (float) (1 / Math.sqrt(1 - Math.pow(BETA2, steps)));
    for (int i = 0; i < parameter.length; i++) {
      float g = gradient[i];
      float m = BETA1 * first[i] + (1 - BETA1) * g;
      float v = BETA2 * second[i] + (1 - BETA2) * g * g;
      first[i] = m;
      second[i] = v;
      parameter[i] -= scale * m / ((float) Math.sqrt(v) * correction + EPSILON);
    }
    Arrays.fill(gradient, 0);
  }

  /** Forgets the past of some values. */
  public void forget(int from, int to) {
    Arrays.fill(first, from, to, 0);
    Arrays.fill(second, from, to, 0);
  }
}
