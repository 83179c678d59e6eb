package io.innerspan.signals;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of an activation: each is computed for every token of a row that takes part, and the
 * mean over these tokens is the row's value. A statistic that divides by 0 for one of them (all but
 * norm and mean of an activation of zeros) is absent in that row.
 *
 * @param id the signal's id
 * @param hookPoint where the activation {@code [batch, tokens, width]} is read
 * @param previous where the activation of the layer before is read, for {@link
 *     Statistic#COSINE_TO_PREVIOUS}; null without it
 * @param tokens which of the real tokens take part
 * @param statistics at least one; columns are in the order of the enum's constants
 */
public record ActivationSummary(
    String id,
    HookPoint hookPoint,
    @Nullable HookPoint previous,
    TokenSelection tokens,
    Set<Statistic> statistics)
    implements Signal {

  /** A statistic of one token's activation x, of width d. */
  public enum Statistic {
    /** {@code ‖x‖₂}. */
    L2_NORM,
    /** {@code Σ x_i / d}. */
    MEAN,
    /**
     * Hoyer's sparsity {@code (√d − ‖x‖₁/‖x‖₂) / (√d − 1)}: 0 when all dimensions are equal, 1 when
     * only one is not 0 (Hoyer, 2004).
     */
    SPARSITY,
    /** {@code m₄ / m₂²} with the central moments over the dimensions; 3 for a normal one. */
    KURTOSIS,
    /** {@code max x_i² / ‖x‖₂²}: the share of the largest dimension; outlier features raise it. */
    LARGEST_SHARE,
    /** The cosine of the angle to the previous layer's activation. */
    COSINE_TO_PREVIOUS;

    /** The name in packs and telemetry. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public ActivationSummary {
    Checks.id(id);
    Objects.requireNonNull(hookPoint, "hookPoint");
    Objects.requireNonNull(tokens, "tokens");
    if (statistics.isEmpty()) {
      throw new InvalidValueException("statistics", "at least 1", "0");
    }
    statistics = Collections.unmodifiableSet(EnumSet.copyOf(statistics));
    if (statistics.contains(Statistic.COSINE_TO_PREVIOUS) != (previous != null)) {
      throw new InvalidValueException(
          "previous", "a hook point exactly with cosine_to_previous", String.valueOf(previous));
    }
  }

  /** The statistics over all real tokens. */
  public ActivationSummary(
      String id, HookPoint hookPoint, @Nullable HookPoint previous, Set<Statistic> statistics) {
    this(id, hookPoint, previous, TokenSelection.ALL, statistics);
  }

  /** The norm alone. */
  public static ActivationSummary norm(String id, HookPoint hookPoint) {
    return new ActivationSummary(id, hookPoint, null, EnumSet.of(Statistic.L2_NORM));
  }

  /** Whether it is the norm alone. */
  public boolean isNorm() {
    return statistics.equals(EnumSet.of(Statistic.L2_NORM));
  }

  @Override
  public List<HookPoint> hookPoints() {
    return previous == null ? List.of(hookPoint) : List.of(hookPoint, previous);
  }

  @Override
  public List<String> columnNames() {
    return statistics.stream().map(Statistic::label).toList();
  }
}
