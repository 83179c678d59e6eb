package io.innerspan.onnxruntime.session;

import io.innerspan.onnxruntime.session.saliency.RepeatedRow;
import io.innerspan.onnxruntime.session.saliency.SessionScore;
import io.innerspan.onnxruntime.session.saliency.Varying;
import io.innerspan.signals.saliency.Attribution;
import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.innerspan.signals.saliency.Subject;
import io.opentelemetry.javaagent.innerspan.bridge.Saliency;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException.Reason;
import java.util.Map;

/**
 * Explains a row by what of its inputs varies.
 *
 * @param fixed the inputs that do not vary
 * @param varying the others
 * @param input where they are
 * @param from where they come from
 * @param width how many neighbouring numbers are one part
 * @param baseline what {@code from} is
 * @param tokens whether the parts are tokens
 */
@SuppressWarnings("ArrayRecordComponent")
record RowExplanation(
    Map<String, RepeatedRow> fixed,
    Varying varying,
    double[] input,
    double[] from,
    int width,
    Baseline baseline,
    boolean tokens) {
  /** Differences take two runs for each part and point. */
  static final int MOST_PARTS = 1024;

  private static final int MOST_ROWS = 16;

  /** Of all rows that are run at once. */
  private static final int MOST_NUMBERS = 1 << 20;

  private static final double SAME = 1e-3;

  /** How many rows are run at once where each is of so many numbers. */
  static int rows(int numbers) {
    return Math.max(1, Math.min(MOST_ROWS, MOST_NUMBERS / Math.max(1, numbers)));
  }

  /** The bytes that explaining so many numbers takes: vectors in Java, and what is fed of them. */
  static long bytes(int numbers) {
    long vectors = 5L + rows(numbers);
    long fed = 2L * rows(numbers);
    return numbers * (vectors * Double.BYTES + fed * Float.BYTES);
  }

  /**
   * Explains.
   *
   * @throws SaliencyMissingException when there are too many parts, or the model does not give the
   *     sample's score
   */
  Saliency of(SessionSample sample, SaliencyMethod method) throws SaliencyMissingException {
    int parts = input.length / width;
    if (parts > MOST_PARTS) {
      throw unsupported("expected at most " + MOST_PARTS + " parts, found " + parts);
    }
    SessionCopy copy = sample.copy();
    SessionScore alone =
        new SessionScore(
            copy.environment(), copy::run, fixed, varying, input.length, 1, sample.score());
    double own = alone.values(new double[][] {input})[0];
    if (!isSame(own, sample.found())) {
      throw unsupported(
          "expected the score " + sample.found() + " from a copy of the model, found " + own);
    }
    double absent = alone.values(new double[][] {from})[0];
    int rows = rows(input.length);
    SessionScore function =
        rows > 1 && isBatched(alone, own, absent) ? alone.withBatch(rows) : alone;
    Attribution attribution = method.explain(new Subject(function, input, from, width));
    return new Saliency(
        method.value(),
        sample.row(),
        sample.score().element(),
        baseline.value(),
        tokens,
        attribution.parts(),
        attribution.value(),
        attribution.baselineValue(),
        attribution.completenessError());
  }

  /** Models of a fixed batch take no more rows, or may mix them. */
  private boolean isBatched(SessionScore alone, double own, double absent) {
    try {
      double[] both = alone.withBatch(2).values(new double[][] {input, from});
      return isSame(both[0], own) && isSame(both[1], absent);
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private static boolean isSame(double value, double expected) {
    return Math.abs(value - expected) <= SAME * Math.max(1, Math.abs(expected));
  }

  private static SaliencyMissingException unsupported(String detail) {
    return new SaliencyMissingException(Reason.UNSUPPORTED, detail);
  }
}
