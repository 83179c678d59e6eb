package io.innerspan.signals;

import java.util.List;
import java.util.Objects;

/**
 * The squared Mahalanobis distance of a row's pooled activation from a reference population whose
 * covariance is of low rank plus a constant: {@code Σ_k (u_k·(x−μ))² / λ_k + (‖x−μ‖² − Σ_k
 * (u_k·(x−μ))²) / σ²}.
 *
 * @param id the signal's id
 * @param hookPoint where the activation {@code [batch, tokens, width]} is read
 * @param tokens which of the real tokens take part
 * @param pooling how tokens become one activation: mean, last or cls
 * @param mean μ, {@code [width]}
 * @param components u, {@code [rank, width]}, row by row, orthonormal, at most 256
 * @param variances λ, {@code [rank]}, each above 0
 * @param residualVariance σ², above 0
 */
public record PopulationDistance(
    String id,
    HookPoint hookPoint,
    TokenSelection tokens,
    Pooling pooling,
    Floats mean,
    Floats components,
    Floats variances,
    double residualVariance)
    implements Signal {
  private static final double ORTHONORMAL = 1e-3;
  private static final int MOST_COMPONENTS = 256;

  public PopulationDistance {
    Checks.id(id);
    Objects.requireNonNull(hookPoint, "hookPoint");
    Objects.requireNonNull(tokens, "tokens");
    if (!pooling.kind().ofActivations()) {
      throw new InvalidValueException("pooling", "mean, last or cls", pooling);
    }
    Checks.positive("residual_variance", residualVariance);
    int width = mean.size();
    if (width == 0) {
      throw new InvalidValueException("mean", "at least 1 value", "0");
    }
    if (variances.size() > MOST_COMPONENTS) {
      throw new InvalidValueException("variances", "at most " + MOST_COMPONENTS, variances.size());
    }
    if (components.size() != (long) variances.size() * width) {
      throw new InvalidValueException(
          "components", variances.size() + " rows of " + width, components.size() + " values");
    }
    for (int k = 0; k < variances.size(); k++) {
      Checks.positive("variances[" + k + "]", variances.get(k));
      for (int other = 0; other <= k; other++) {
        double product = product(components, width, k, other);
        if (Math.abs(product - (k == other ? 1 : 0)) > ORTHONORMAL) {
          throw new InvalidValueException(
              "components", "orthonormal rows", "the product " + k + "·" + other + " = " + product);
        }
      }
    }
  }

  /** The distance of all real tokens. */
  public PopulationDistance(
      String id,
      HookPoint hookPoint,
      Pooling pooling,
      Floats mean,
      Floats components,
      Floats variances,
      double residualVariance) {
    this(id, hookPoint, TokenSelection.ALL, pooling, mean, components, variances, residualVariance);
  }

  /** The width of the activation. */
  public int width() {
    return mean.size();
  }

  private static double product(Floats components, int width, int a, int b) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += (double) components.get(a * width + i) * components.get(b * width + i);
    }
    return sum;
  }

  @Override
  public List<String> columnNames() {
    return List.of("squared_distance");
  }
}
