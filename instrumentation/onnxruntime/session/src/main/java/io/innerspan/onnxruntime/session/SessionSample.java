package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxJavaType;
import io.innerspan.onnxruntime.session.saliency.RepeatedRow;
import io.innerspan.onnxruntime.session.saliency.SessionScore;
import io.innerspan.onnxruntime.session.saliency.TokenPresence;
import io.innerspan.onnxruntime.session.saliency.Varying;
import io.innerspan.signals.saliency.Attribution;
import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.innerspan.signals.saliency.Subject;
import io.opentelemetry.javaagent.innerspan.bridge.Saliency;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMemory;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException.Reason;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyWork;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * One row of an inference.
 *
 * @param copy of the session
 * @param score what is explained
 * @param found its value
 */
record SessionSample(
    SessionCopy copy,
    Map<String, RepeatedRow> inputs,
    SessionScore.Score score,
    float found,
    int row)
    implements SaliencyWork {
  private static final Pattern IDS =
      Pattern.compile(
          "(.*[^a-z])?(ids|tokens?|tokens?_?ids?|input_?ids?)([^a-z].*)?",
          Pattern.CASE_INSENSITIVE);

  /** Integers per token that are something else. */
  private static final Pattern OTHER =
      Pattern.compile(".*(type|segment|position|mask|label).*", Pattern.CASE_INSENSITIVE);

  private static final int BATCH = 16;
  private static final double SAME = 1e-3;

  /** Differences take two runs for each part. */
  private static final int MOST_PARTS = 1024;

  @Override
  public long bytes() {
    return inputs.values().stream().mapToLong(input -> input.bytes().length).sum();
  }

  @Override
  public Saliency explain(String method, String baseline, SaliencyMemory memory)
      throws SaliencyMissingException {
    List<String> numbers = named(OnnxJavaType.FLOAT, any -> true);
    List<String> ids = named(OnnxJavaType.INT64, SessionSample::isIds);
    if (numbers.size() + ids.size() != 1) {
      throw unsupported(
          "expected one input of float32 or of 64-bit token ids, found " + numbers + ids);
    }
    copy.reserve(memory);
    try {
      return ids.isEmpty()
          ? numbers(numbers.get(0), SaliencyMethod.of(method), Baseline.of(baseline))
          : tokens(ids.get(0));
    } catch (CancellationException e) {
      throw new SaliencyMissingException(Reason.MODEL_CLOSED, "the session was closed");
    }
  }

  private List<String> named(OnnxJavaType type, Predicate<String> condition) {
    return inputs.entrySet().stream()
        .filter(input -> input.getValue().type() == type)
        .map(Map.Entry::getKey)
        .filter(condition)
        .sorted()
        .toList();
  }

  private static boolean isIds(String input) {
    return IDS.matcher(input).matches() && !OTHER.matcher(input).matches();
  }

  private Saliency numbers(String name, SaliencyMethod method, Baseline baseline)
      throws SaliencyMissingException {
    RepeatedRow varied = Objects.requireNonNull(inputs.get(name));
    double[] input = varied.floats();
    boolean mean = baseline == Baseline.MEAN;
    double[] from = mean ? Baseline.mean(input, 1) : new double[input.length];
    Varying varying = SessionScore.input(copy.environment(), name, varied.shape());
    return explained(name, varying, input, from, method, mean ? baseline : Baseline.ZERO, false);
  }

  /** Ids cannot be differentiated: one after the other is replaced by padding. */
  private Saliency tokens(String name) throws SaliencyMissingException {
    RepeatedRow varied = Objects.requireNonNull(inputs.get(name));
    double[] present = new double[varied.bytes().length / Long.BYTES];
    Arrays.fill(present, 1);
    Varying varying = TokenPresence.of(copy.environment(), name, varied);
    double[] absent = new double[present.length];
    return explained(
        name, varying, present, absent, SaliencyMethod.OCCLUSION, Baseline.PADDING, true);
  }

  private Saliency explained(
      String varied,
      Varying varying,
      double[] input,
      double[] from,
      SaliencyMethod method,
      Baseline baseline,
      boolean tokens)
      throws SaliencyMissingException {
    if (input.length > MOST_PARTS) {
      throw unsupported("expected at most " + MOST_PARTS + " parts, found " + input.length);
    }
    Map<String, RepeatedRow> fixed = new HashMap<>(inputs);
    fixed.remove(varied);
    SessionScore alone =
        new SessionScore(copy.environment(), copy::run, fixed, varying, input.length, 1, score);
    double own = alone.values(new double[][] {input})[0];
    if (!isSame(own, found)) {
      throw unsupported("expected the score " + found + " from a copy of the model, found " + own);
    }
    double absent = alone.values(new double[][] {from})[0];
    SessionScore function =
        isBatched(alone, input, from, own, absent) ? alone.withBatch(BATCH) : alone;
    Attribution attribution = method.explain(new Subject(function, input, from, 1));
    return new Saliency(
        method.value(),
        row,
        score.element(),
        baseline.value(),
        tokens,
        attribution.parts(),
        attribution.value(),
        attribution.baselineValue(),
        attribution.completenessError());
  }

  /** Models of a fixed batch take no more rows, or may mix them. */
  private static boolean isBatched(
      SessionScore alone, double[] input, double[] from, double own, double absent) {
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
