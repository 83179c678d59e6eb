package io.innerspan.workbench.inspect;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures what signals cost: the plain model and the one with a signal run in turns on the same
 * inputs, each pair gives a ratio of times, and the median of the ratios is the cost.
 */
public final class CostMeter {
  private static final int[] LENGTHS = {128, 32, 8};
  private static final int WARM_UP = 5;
  private static final int PAIRS = 30;
  private static final int FEWEST_PAIRS = 5;

  /** A large model gets fewer pairs. */
  private static final long MOST_NANOS_PER_SIGNAL = 5_000_000_000L;

  private final OnnxModel structure;
  private final byte[] bytes;

  /**
   * @param bytes the model's file, with its weights in it
   */
  public CostMeter(OnnxModel structure, byte[] bytes) {
    this.structure = structure;
    this.bytes = bytes;
  }

  /** Measures the example of each kind that is possible. */
  public CostReport measure(List<KindSurvey> kinds) {
    if (kinds.stream().noneMatch(KindSurvey::isPossible)) {
      return CostReport.without("no signal is possible");
    }
    try (TimedSession plain = new TimedSession(bytes, new byte[0])) {
      String failure = "";
      for (int length : LENGTHS) {
        Map<String, OnnxTensor> inputs = Map.of();
        try {
          inputs = new SyntheticInputs(structure, length).make();
          plain.run(inputs);
          return measure(kinds, plain, inputs);
        } catch (OrtException e) {
          failure = failure.isEmpty() ? firstLine(e) : failure;
        } finally {
          inputs.values().forEach(OnnxTensor::close);
        }
      }
      return CostReport.without(failure);
    } catch (OrtException e) {
      return CostReport.without(firstLine(e));
    }
  }

  private CostReport measure(
      List<KindSurvey> kinds, TimedSession plain, Map<String, OnnxTensor> inputs)
      throws OrtException {
    Map<SignalKind, SignalCost> costs = new EnumMap<>(SignalKind.class);
    Map<SignalKind, String> failures = new EnumMap<>(SignalKind.class);
    List<Double> times = new ArrayList<>();
    SignalCost noise = cost(plain, new byte[0], inputs, times);
    for (KindSurvey survey : kinds) {
      Signal example = survey.example();
      if (example != null) {
        var overlay = OverlayCompiler.compile(structure, List.of(example), Set.of());
        try {
          if (overlay.isEmpty()) {
            failures.put(survey.kind(), String.valueOf(overlay.refusals().get(example.id())));
          } else {
            costs.put(survey.kind(), cost(plain, overlay.bytes(), inputs, times));
          }
        } catch (OrtException e) {
          failures.put(survey.kind(), firstLine(e));
        }
      }
    }
    return new CostReport(null, text(inputs), median(times) / 1e6, noise, costs, failures);
  }

  private SignalCost cost(
      TimedSession plain, byte[] overlay, Map<String, OnnxTensor> inputs, List<Double> times)
      throws OrtException {
    try (TimedSession other = new TimedSession(bytes, overlay)) {
      for (int i = 0; i < WARM_UP; i++) {
        plain.run(inputs);
        other.run(inputs);
      }
      List<Double> ratios = new ArrayList<>();
      long end = System.nanoTime() + MOST_NANOS_PER_SIGNAL;
      for (int pair = 0; pair < PAIRS && (pair < FEWEST_PAIRS || System.nanoTime() < end); pair++) {
        boolean plainFirst = pair % 2 == 0;
        long first = (plainFirst ? plain : other).run(inputs);
        long second = (plainFirst ? other : plain).run(inputs);
        double own = plainFirst ? first : second;
        times.add(own);
        ratios.add((plainFirst ? second : first) / Math.max(1, own));
      }
      return new SignalCost(100 * (median(ratios) - 1), ratios.size());
    }
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static String text(Map<String, OnnxTensor> inputs) {
    List<String> parts = new ArrayList<>();
    inputs.forEach(
        (name, tensor) -> parts.add(name + " " + Arrays.toString(tensor.getInfo().getShape())));
    return String.join(", ", parts);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
  }
}
