package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.ActivationNorm;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

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

  /** Removes the probes of the given kinds of pooling. */
  static void remove(List<Signal> signals, Pooling.Kind... kinds) {
    List<Pooling.Kind> removed = List.of(kinds);
    signals.removeIf(
        signal -> signal instanceof LinearProbe probe && removed.contains(probe.pooling().kind()));
  }

  static ActivationNorm norm(String id, String hookPoint) {
    return new ActivationNorm(id, new HookPoint(hookPoint));
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
}
