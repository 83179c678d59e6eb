package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxJavaType;
import io.innerspan.onnxruntime.session.saliency.RepeatedRow;
import io.innerspan.onnxruntime.session.saliency.SessionScore;
import io.innerspan.onnxruntime.session.saliency.Varying;
import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.opentelemetry.javaagent.innerspan.bridge.Saliency;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMemory;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException.Reason;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyWork;
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
          : new SampledTokens(this, ids.get(0))
              .explain(SaliencyMethod.of(method), Baseline.of(baseline), memory);
    } catch (CancellationException e) {
      throw new SaliencyMissingException(Reason.MODEL_CLOSED, "the session was closed");
    } catch (SessionCopy.ModelGoneException e) {
      throw unsupported(String.valueOf(e.getMessage()));
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
    Map<String, RepeatedRow> fixed = new HashMap<>(inputs);
    fixed.remove(name);
    Baseline used = mean ? baseline : Baseline.ZERO;
    return new RowExplanation(fixed, varying, input, from, 1, used, false).of(this, method);
  }

  private static SaliencyMissingException unsupported(String detail) {
    return new SaliencyMissingException(Reason.UNSUPPORTED, detail);
  }
}
