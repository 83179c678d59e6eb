package io.innerspan.api;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What came of an inference, a conversation or a task. Immutable: every {@code with} gives another
 * one.
 *
 * <p>Names and labels are for grouping, and short: 64 characters of letters, digits, blanks and
 * {@code _ . : / -} at most. Text of users belongs into {@link #withExplanation}, which the agent
 * drops, digests or redacts as its setting {@code content} says.
 */
public final class Outcome {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:/ -]{1,64}");
  private static final Pattern TRACE = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern SPAN = Pattern.compile("[0-9a-f]{16}");
  private static final Pattern ZEROS = Pattern.compile("0*");
  private static final int LONGEST_ID = 128;

  private final OutcomeKind kind;
  private final String name;
  private final String label;
  private final double score;
  private final @Nullable String explanation;
  private final @Nullable String responseId;
  private final @Nullable String traceId;
  private final @Nullable String spanId;

  private Outcome(
      OutcomeKind kind,
      String name,
      String label,
      double score,
      @Nullable String explanation,
      @Nullable String responseId,
      @Nullable String traceId,
      @Nullable String spanId) {
    this.kind = kind;
    this.name = name;
    this.label = label;
    this.score = score;
    this.explanation = explanation;
    this.responseId = responseId;
    this.traceId = traceId;
    this.spanId = spanId;
  }

  /**
   * The task was done, or not: {@code task_success} with the label {@code pass} or {@code fail}.
   */
  public static Outcome taskSuccess(boolean success) {
    return of(OutcomeKind.TASK_SUCCESS, "task_success", success ? "pass" : "fail", success ? 1 : 0);
  }

  /** A user corrected what the model gave: {@code user_correction}. */
  public static Outcome userCorrection() {
    return of(OutcomeKind.USER_CORRECTION, "user_correction", "corrected", Double.NaN);
  }

  /** A human had to take over: {@code escalation}. */
  public static Outcome escalation() {
    return of(OutcomeKind.ESCALATION, "escalation", "escalated", Double.NaN);
  }

  /**
   * A human judged.
   *
   * @param evaluation what was judged, such as {@code helpfulness}; the same name as a judge's, for
   *     the two to be compared
   * @param label the verdict, such as {@code good}
   * @throws IllegalArgumentException when a name is no short name
   */
  public static Outcome humanVerdict(String evaluation, String label) {
    return of(OutcomeKind.HUMAN_VERDICT, evaluation, label, Double.NaN);
  }

  /**
   * A program judged, such as another model.
   *
   * @param evaluation what was judged
   * @param label the verdict
   * @throws IllegalArgumentException when a name is no short name
   */
  public static Outcome judgeVerdict(String evaluation, String label) {
    return of(OutcomeKind.JUDGE_VERDICT, evaluation, label, Double.NaN);
  }

  private static Outcome of(OutcomeKind kind, String name, String label, double score) {
    return new Outcome(
        kind, name("evaluation", name), name("label", label), score, null, null, null, null);
  }

  /**
   * The same with a score.
   *
   * @throws IllegalArgumentException when it is not finite
   */
  public Outcome withScore(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw wrong("score", "a finite number", String.valueOf(value));
    }
    return new Outcome(kind, name, label, value, explanation, responseId, traceId, spanId);
  }

  /** The same with words on why: content, which the agent treats as its settings say. */
  public Outcome withExplanation(String text) {
    Objects.requireNonNull(text, "text");
    return new Outcome(kind, name, label, score, text, responseId, traceId, spanId);
  }

  /**
   * The same with the id that the model's provider gave its answer.
   *
   * @throws IllegalArgumentException when it is empty or longer than 128 characters
   */
  public Outcome withResponseId(String id) {
    if (id.isEmpty() || id.length() > LONGEST_ID) {
      throw wrong("response id", "1 to " + LONGEST_ID + " characters", id.length() + " characters");
    }
    return new Outcome(kind, name, label, score, explanation, id, traceId, spanId);
  }

  /**
   * The same about a span that is over, such as one whose ids were kept for the user's answer.
   *
   * @param trace 32 lowercase hexadecimal digits, not all zero
   * @param span 16 lowercase hexadecimal digits, not all zero
   * @throws IllegalArgumentException when they are not
   */
  public Outcome on(String trace, String span) {
    id("trace id", TRACE, "32", trace);
    id("span id", SPAN, "16", span);
    return new Outcome(kind, name, label, score, explanation, responseId, trace, span);
  }

  /** The same about the inference of a reading; about the current span when it has no trace. */
  public Outcome on(InferenceReading reading) {
    return reading.traceId().isEmpty() ? this : on(reading.traceId(), reading.spanId());
  }

  /** Who says so. */
  public OutcomeKind kind() {
    return kind;
  }

  /** What was judged. */
  public String name() {
    return name;
  }

  /** The verdict. */
  public String label() {
    return label;
  }

  /** The score, or not a number without one. */
  public double score() {
    return score;
  }

  /** Words on why, or null. */
  public @Nullable String explanation() {
    return explanation;
  }

  /** The id that the model's provider gave its answer, or null. */
  public @Nullable String responseId() {
    return responseId;
  }

  /** The trace that this is about, or null for the current one. */
  public @Nullable String traceId() {
    return traceId;
  }

  /** The span that this is about, or null for the current one. */
  public @Nullable String spanId() {
    return spanId;
  }

  @Override
  public String toString() {
    return kind + " " + name + "=" + label;
  }

  private static String name(String what, String value) {
    if (!NAME.matcher(value).matches()) {
      throw wrong(what, "1 to 64 of letters, digits, blanks and _ . : / -", quoted(value));
    }
    return value;
  }

  private static void id(String what, Pattern pattern, String digits, String value) {
    if (!pattern.matcher(value).matches() || ZEROS.matcher(value).matches()) {
      throw wrong(what, digits + " lowercase hexadecimal digits, not all zero", quoted(value));
    }
  }

  private static String quoted(String value) {
    return "'"
        + (value.length() <= LONGEST_ID ? value : value.substring(0, LONGEST_ID) + "…")
        + "'";
  }

  private static IllegalArgumentException wrong(String what, String expected, String found) {
    return new IllegalArgumentException(what + ": expected " + expected + ", found " + found);
  }
}
