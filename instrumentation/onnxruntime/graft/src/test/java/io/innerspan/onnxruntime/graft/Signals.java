package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Mlp;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Signals with seeded weights. */
final class Signals {
  /** Every kind of pooling. */
  static final List<Pooling> POOLINGS =
      List.of(
          Pooling.MEAN,
          Pooling.LAST,
          Pooling.CLS,
          Pooling.MAX,
          Pooling.topKMean(3),
          Pooling.rollingMax(3),
          Pooling.softmax(0.7),
          Pooling.ema(0.5));

  private Signals() {}

  static LinearProbe probe(String id, String hookPoint, Pooling pooling, int width) {
    Random random = new Random(id.hashCode());
    float[] weight = new float[width];
    for (int i = 0; i < width; i++) {
      weight[i] = (float) random.nextGaussian();
    }
    return new LinearProbe(
        id,
        new HookPoint(hookPoint),
        pooling,
        weight,
        (float) random.nextGaussian(),
        new Calibration.None(),
        null,
        "yes",
        "no");
  }

  /** Probes with an MLP or heads, of every rule, at one hook point. */
  static List<Signal> heads(int width, String hookPoint) {
    Random random = new Random(17);
    Mlp mlp =
        new Mlp(
            List.of(
                new Mlp.Layer(gaussians(random, 12 * width), gaussians(random, 12)),
                new Mlp.Layer(gaussians(random, 5 * 12), gaussians(random, 5))));
    List<Signal> signals = new ArrayList<>();
    for (Pooling pooling : POOLINGS) {
      signals.add(new MlpProbe(mlp, probe("mlp_" + pooling.kind().label(), hookPoint, pooling, 5)));
    }
    for (AttentionProbe.Rule rule :
        List.of(
            AttentionProbe.Rule.ATTENTION,
            AttentionProbe.Rule.MULTIMAX,
            AttentionProbe.Rule.rolling(3))) {
      signals.add(attention(rule.kind().label(), hookPoint, null, rule, width, random));
      signals.add(attention(rule.kind().label() + "_mlp", hookPoint, mlp, rule, 5, random));
    }
    return signals;
  }

  /** An attention probe of some heads over a window. */
  static Signal rolling(String id, String hookPoint, int window, int width) {
    AttentionProbe.Rule rule = AttentionProbe.Rule.rolling(window);
    return attention(id, hookPoint, null, rule, width, new Random(window));
  }

  private static AttentionProbe attention(
      String id,
      String hookPoint,
      @Nullable Mlp mlp,
      AttentionProbe.Rule rule,
      int width,
      Random random) {
    int heads = 3;
    boolean queries = rule.kind() != AttentionProbe.Rule.Kind.MULTIMAX;
    return new AttentionProbe(
        id,
        new HookPoint(hookPoint),
        mlp,
        rule,
        heads,
        queries ? gaussians(random, heads * width) : new float[0],
        gaussians(random, heads * width),
        (float) random.nextGaussian(),
        new Calibration.None(),
        null,
        "yes",
        "no");
  }

  private static float[] gaussians(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() / 3);
    }
    return values;
  }

  /** Removes the probes of the given kinds of pooling. */
  static void remove(List<Signal> signals, Pooling.Kind... kinds) {
    List<Pooling.Kind> removed = List.of(kinds);
    signals.removeIf(
        signal ->
            (signal instanceof LinearProbe probe && removed.contains(probe.pooling().kind()))
                || (signal instanceof MlpProbe mlp
                    && removed.contains(mlp.readout().pooling().kind())));
  }

  static ActivationSummary norm(String id, String hookPoint) {
    return ActivationSummary.norm(id, new HookPoint(hookPoint));
  }

  /** Of each pooling two probes and of each hook point a norm, in an order that mixes groups. */
  static List<Signal> mixed(int width, String... hookPoints) {
    List<Signal> signals = new ArrayList<>();
    for (int copy = 0; copy < 2; copy++) {
      for (int h = 0; h < hookPoints.length; h++) {
        for (Pooling pooling : POOLINGS) {
          String id = "p" + copy + "_" + h + "_" + pooling.kind().label();
          signals.add(probe(id, hookPoints[h], pooling, width));
        }
        signals.add(norm("n" + copy + "_" + h, hookPoints[h]));
      }
    }
    return signals;
  }

  /** The same probe or norm over some of the tokens, with a suffix to its id. */
  static Signal over(Signal signal, TokenSelection tokens, String suffix) {
    String id = signal.id() + suffix;
    if (signal instanceof LinearProbe probe) {
      return over(probe, tokens, id);
    }
    if (signal instanceof MlpProbe probe) {
      return new MlpProbe(probe.mlp(), over(probe.readout(), tokens, id));
    }
    if (signal instanceof AttentionProbe probe) {
      return new AttentionProbe(
          id,
          probe.hookPoint(),
          tokens,
          probe.mlp(),
          probe.rule(),
          probe.heads(),
          probe.queries(),
          probe.values(),
          probe.bias(),
          probe.calibration(),
          null,
          "yes",
          "no");
    }
    ActivationSummary summary = (ActivationSummary) signal;
    return new ActivationSummary(
        id, summary.hookPoint(), summary.previous(), tokens, summary.statistics());
  }

  /** The same signal for a model without a mask. */
  static Signal withoutMask(Signal signal) {
    TokenSelection tokens = signal.tokens().withoutMask();
    if (signal instanceof AttentionSummary summary) {
      return new AttentionSummary(
          summary.id(), summary.hookPoint(), tokens, summary.heads(), summary.mayBreakFusion());
    }
    if (signal instanceof SaeFeatures features) {
      return new SaeFeatures(
          features.id(),
          features.hookPoint(),
          tokens,
          features.sae(),
          features.scope(),
          features.top(),
          features.watched(),
          features.dictionary());
    }
    if (signal instanceof PopulationDistance distance) {
      return new PopulationDistance(
          distance.id(),
          distance.hookPoint(),
          tokens,
          distance.pooling(),
          distance.mean(),
          distance.components(),
          distance.variances(),
          distance.residualVariance());
    }
    if (signal instanceof LayerLens lens) {
      return new LayerLens(
          lens.id(),
          lens.layers(),
          lens.logits(),
          lens.position().withoutMask(),
          lens.top(),
          lens.translators());
    }
    if (signal instanceof OutputConfidence confidence) {
      return new OutputConfidence(
          confidence.id(),
          confidence.hookPoint(),
          confidence.position().withoutMask(),
          confidence.temperature(),
          confidence.disagreement());
    }
    return over(signal, tokens, "");
  }

  private static LinearProbe over(LinearProbe probe, TokenSelection tokens, String id) {
    return new LinearProbe(
        id,
        probe.hookPoint(),
        tokens,
        probe.pooling(),
        probe.direction(),
        probe.bias(),
        probe.calibration(),
        null,
        "yes",
        "no");
  }
}
