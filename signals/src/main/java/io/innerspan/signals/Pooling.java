package io.innerspan.signals;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a probe makes one value of the tokens of a row; padding never takes part.
 *
 * <p>s₁ … sₙ are the probe's logits, bias included, of the row's n real tokens in their order.
 *
 * @param kind the rule
 * @param parameter what the rule's {@link Kind#parameter()} names, or 0
 */
public record Pooling(Kind kind, double parameter) {
  /** The probe applied to the mean activation of the real tokens. */
  public static final Pooling MEAN = new Pooling(Kind.MEAN, 0);

  /** The probe applied to the last real token. */
  public static final Pooling LAST = new Pooling(Kind.LAST, 0);

  /** The probe applied to the first real token. */
  public static final Pooling CLS = new Pooling(Kind.CLS, 0);

  /** The largest of the logits. */
  public static final Pooling MAX = new Pooling(Kind.MAX, 0);

  /** The poolings without a parameter. */
  public static final List<Pooling> PLAIN = List.of(MEAN, LAST, CLS, MAX);

  private static final int MOST_TOKENS = 1 << 20;

  /** A rule of pooling. */
  public enum Kind {
    /** The probe applied to the mean activation. */
    MEAN(null),
    /** The probe applied to the last real token. */
    LAST(null),
    /** The probe applied to the first real token. */
    CLS(null),
    /** {@code max_j s_j}. */
    MAX(null),
    /** The mean of the min(k, n) largest logits. */
    TOP_K_MEAN("k"),
    /** The largest mean of min(window, n) consecutive logits (arXiv 2601.11516). */
    ROLLING_MAX("window"),
    /** {@code Σ_j softmax(s / temperature)_j · s_j} (arXiv 2506.10805). */
    SOFTMAX("temperature"),
    /**
     * {@code max_j e_j} of the exponential moving average {@code e_j = alpha · s_j + (1 − alpha) ·
     * e_{j−1}}, {@code e_0 = 0} (arXiv 2601.04603).
     */
    EMA("alpha");

    private final @Nullable String parameter;

    Kind(@Nullable String parameter) {
      this.parameter = parameter;
    }

    /** The name of the rule's parameter, or null when it has none. */
    public @Nullable String parameter() {
      return parameter;
    }

    /** The name in a manifest. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether activations are pooled, and the probe is applied once, to what they give. */
    public boolean ofActivations() {
      return this == MEAN || this == LAST || this == CLS;
    }
  }

  public Pooling {
    Objects.requireNonNull(kind, "kind");
    switch (kind) {
      case TOP_K_MEAN, ROLLING_MAX -> {
        if (!(parameter >= 1 && parameter <= MOST_TOKENS) || parameter != Math.rint(parameter)) {
          throw invalid(kind, "a whole number from 1 to " + MOST_TOKENS, parameter);
        }
      }
      case SOFTMAX -> {
        // Beyond these a 32-bit graph would overflow or divide by a denormal.
        if (!(parameter >= 1e-3 && parameter <= 1e6)) {
          throw invalid(kind, "a number from 0.001 to 1000000", parameter);
        }
      }
      case EMA -> {
        if (!(parameter > 0 && parameter <= 1)) {
          throw invalid(kind, "a number above 0 and at most 1", parameter);
        }
      }
      case MEAN, LAST, CLS, MAX -> {
        if (parameter != 0) {
          throw new InvalidValueException("pooling", "no parameter of " + kind.label(), parameter);
        }
      }
    }
  }

  /** The mean of the {@code k} largest logits. */
  public static Pooling topKMean(int k) {
    return new Pooling(Kind.TOP_K_MEAN, k);
  }

  /** The largest mean of {@code window} consecutive logits. */
  public static Pooling rollingMax(int window) {
    return new Pooling(Kind.ROLLING_MAX, window);
  }

  /** The logits' mean, weighted by their softmax. */
  public static Pooling softmax(double temperature) {
    return new Pooling(Kind.SOFTMAX, temperature);
  }

  /** The largest exponential moving average. */
  public static Pooling ema(double alpha) {
    return new Pooling(Kind.EMA, alpha);
  }

  private static InvalidValueException invalid(Kind kind, String expected, double found) {
    return new InvalidValueException(String.valueOf(kind.parameter()), expected, found);
  }

  /** As people read it: {@code mean}, {@code ema(alpha 0.5)}. */
  @Override
  public String toString() {
    return kind.parameter() == null
        ? kind.label()
        : kind.label() + "(" + kind.parameter() + " " + number(parameter) + ")";
  }

  private static Number number(double value) {
    return value == Math.rint(value) ? (Number) (long) value : value;
  }
}
