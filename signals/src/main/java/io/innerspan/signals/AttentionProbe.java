package io.innerspan.signals;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A probe whose heads attend to the tokens of a row. y_j is the activation of real token j, or what
 * the MLP makes of it; q_h and v_h are head h's query and value.
 *
 * @param id the signal's id
 * @param hookPoint where the activation {@code [batch, tokens, width]} is read
 * @param tokens which of the real tokens take part
 * @param mlp applied to each token before the heads, or null
 * @param rule how the heads make one logit of the tokens
 * @param heads how many
 * @param queries {@code [heads, d]}, row by row; empty for {@link Rule.Kind#MULTIMAX}, which has
 *     none
 * @param values {@code [heads, d]}, row by row
 * @param bias added to the logit, finite
 * @param calibration from logit to score
 * @param threshold where the positive label begins, or null when the pack names none
 * @param positiveLabel the label at or above the threshold
 * @param negativeLabel the label below it
 */
public record AttentionProbe(
    String id,
    HookPoint hookPoint,
    TokenSelection tokens,
    @Nullable Mlp mlp,
    Rule rule,
    int heads,
    Floats queries,
    Floats values,
    float bias,
    Calibration calibration,
    @Nullable Threshold threshold,
    String positiveLabel,
    String negativeLabel)
    implements Probe {
  private static final int MOST_HEADS = 64;

  /**
   * How heads make one logit of the tokens (arXiv 2601.11516).
   *
   * @param kind the rule
   * @param window the tokens of a window, or 0 for kinds without one
   */
  public record Rule(Kind kind, int window) {
    private static final int MOST_TOKENS = 1 << 20;

    /** {@code Σ_h Σ_j softmax_j(q_h · y_j) (v_h · y_j)}. */
    public static final Rule ATTENTION = new Rule(Kind.ATTENTION, 0);

    /** {@code Σ_h max_j v_h · y_j}. */
    public static final Rule MULTIMAX = new Rule(Kind.MULTIMAX, 0);

    /** A kind of rule. */
    public enum Kind {
      /** All tokens at once. */
      ATTENTION,
      /** Each head's greatest value. */
      MULTIMAX,
      /**
       * The greatest of the attentions within min(window, n) consecutive tokens: {@code max_t Σ_h
       * Σ_win e^{q_h · y} (v_h · y) / Σ_win e^{q_h · y}}.
       */
      ROLLING_ATTENTION;

      /** The name in a manifest. */
      public String label() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    public Rule {
      boolean rolling = kind == Kind.ROLLING_ATTENTION;
      if (rolling ? window < 1 || window > MOST_TOKENS : window != 0) {
        throw new InvalidValueException(
            "window", rolling ? "a number from 1 to " + MOST_TOKENS : "none", window);
      }
    }

    /** Attention within windows of consecutive tokens. */
    public static Rule rolling(int window) {
      return new Rule(Kind.ROLLING_ATTENTION, window);
    }

    @Override
    public String toString() {
      return window == 0 ? kind.label() : kind.label() + "(window " + window + ")";
    }
  }

  public AttentionProbe {
    Checks.id(id);
    Objects.requireNonNull(hookPoint, "hookPoint");
    Objects.requireNonNull(calibration, "calibration");
    if (heads < 1 || heads > MOST_HEADS) {
      throw new InvalidValueException("heads", "from 1 to " + MOST_HEADS, heads);
    }
    Objects.requireNonNull(tokens, "tokens");
    if (values.isEmpty() || values.size() % heads != 0) {
      throw new InvalidValueException(
          "value", "a multiple of the " + heads + " heads", values.size());
    }
    boolean multimax = rule.kind() == Rule.Kind.MULTIMAX;
    if (multimax && !queries.isEmpty()) {
      throw new InvalidValueException("query", "none, as multimax has none", queries.size());
    }
    if (!multimax && queries.size() != values.size()) {
      throw new InvalidValueException(
          "query", "as many values as value has, " + values.size(), queries.size());
    }
    if (mlp != null && mlp.out() != values.size() / heads) {
      throw new InvalidValueException(
          "value", "the width " + mlp.out() + " that the MLP gives", values.size() / heads);
    }
    Checks.finite("bias", bias);
    Checks.labels(positiveLabel, negativeLabel);
  }

  /** A probe of all real tokens, with copies of its weights. */
  public AttentionProbe(
      String id,
      HookPoint hookPoint,
      @Nullable Mlp mlp,
      Rule rule,
      int heads,
      float[] query,
      float[] value,
      float bias,
      Calibration calibration,
      @Nullable Threshold threshold,
      String positiveLabel,
      String negativeLabel) {
    this(
        id,
        hookPoint,
        TokenSelection.ALL,
        mlp,
        rule,
        heads,
        query.length == 0 ? Floats.none() : Floats.of("query", query),
        Floats.of("value", value),
        bias,
        calibration,
        threshold,
        positiveLabel,
        negativeLabel);
  }

  @Override
  public AttentionProbe with(Calibration other, @Nullable Threshold otherThreshold) {
    return new AttentionProbe(
        id,
        hookPoint,
        tokens,
        mlp,
        rule,
        heads,
        queries,
        values,
        bias,
        other,
        otherThreshold,
        positiveLabel,
        negativeLabel);
  }

  /** A copy of the queries, {@code [heads, d]}. */
  public float[] query() {
    return queries.toArray();
  }

  /** A copy of the values, {@code [heads, d]}. */
  public float[] value() {
    return values.toArray();
  }

  /** The width d that the heads read. */
  public int headWidth() {
    return values.size() / heads;
  }

  @Override
  public int width() {
    return mlp == null ? headWidth() : mlp.in();
  }

  @Override
  public String toString() {
    return "AttentionProbe["
        + id
        + " at "
        + hookPoint
        + ", "
        + rule
        + ", "
        + heads
        + " heads, "
        + width()
        + " wide]";
  }
}
