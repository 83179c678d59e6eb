package io.innerspan.recorder;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.monitor.Monitors;
import io.innerspan.signals.pack.GoldenActivation;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.safetensors.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Packs and readings with scores that are easily computed by hand. */
final class Packs {
  /** The logit of the score .9. */
  static final float NINE_TENTHS = (float) Math.log(9);

  /** The logit of the score .1. */
  static final float ONE_TENTH = (float) -Math.log(9);

  private static final HookPoint PLACE = new HookPoint("blocks.4.hook_normalized_resid_post");
  static final String DIGEST = "0".repeat(64);

  /** A probe without calibration, so that the score is the logistic function of the reading. */
  static LinearProbe probe(String id, @Nullable Double threshold) {
    return probe(id, threshold, new Calibration.None());
  }

  static LinearProbe probe(String id, @Nullable Double threshold, Calibration calibration) {
    Threshold limit = threshold == null ? null : new Threshold(threshold, 0.01);
    return new LinearProbe(
        id, PLACE, Pooling.MEAN, new float[] {1}, 0, calibration, limit, "yes", "no");
  }

  static ActivationSummary norm(String id) {
    return ActivationSummary.norm(id, PLACE);
  }

  static List<Signal> probes(int count, double threshold) {
    return IntStream.range(0, count).<Signal>mapToObj(i -> probe("p" + i, threshold)).toList();
  }

  static ProbePack pack(String name, String version, List<? extends Signal> signals) {
    return pack(name, version, DIGEST, signals);
  }

  /**
   * A pack for a model of the digest {@link #DIGEST}.
   *
   * @param digest the pack's own
   */
  static ProbePack pack(
      String name, String version, String digest, List<? extends Signal> signals) {
    List<GoldenActivation> activations = new ArrayList<>();
    Map<String, Tensor> logits = new HashMap<>();
    for (Signal signal : signals) {
      if (signal instanceof LinearProbe) {
        Tensor one = Tensor.ofFloats(new float[] {1}, 1, 1);
        activations.add(
            new GoldenActivation(signal.id(), one, Tensor.ofFloats(new float[] {1}, 1)));
        logits.put(signal.id(), Tensor.ofFloats(new float[] {1}, 1));
      }
    }
    List<GoldenInput> inputs =
        logits.isEmpty()
            ? List.of()
            : List.of(
                new GoldenInput(Map.of("input_ids", Tensor.ofLongs(new long[] {1}, 1, 1)), logits));
    return new ProbePack(
        name,
        version,
        digest,
        "Apache-2.0",
        null,
        new ModelIdentity("minilm", DIGEST, null),
        null,
        List.copyOf(signals),
        Map.of(),
        activations,
        inputs,
        List.of(),
        Map.of(),
        null,
        Map.of(),
        Monitors.NONE);
  }

  /** Switches readings of these signals on, all from the pack {@code guard} 1.2.0. */
  static void on(ModelTelemetry model, List<? extends Signal> signals) {
    model.readings(new ReadingLayout(signals), List.of(pack("guard", "1.2.0", signals)));
  }

  private Packs() {}
}
