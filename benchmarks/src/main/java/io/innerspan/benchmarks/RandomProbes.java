package io.innerspan.benchmarks;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Threshold;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Probes in random directions for all-MiniLM-L6-v2, spread over its layers and the poolings. They
 * mean nothing, and cost what trained ones cost. Each has a threshold, and so a label on the span;
 * random scores practically never reach it, as ordinary texts do not: events are not measured.
 */
public final class RandomProbes {
  private static final int LAYERS = 6;
  private static final int WIDTH = 384;
  private static final Threshold THRESHOLD = new Threshold(0.9999, 0.01);

  /** The same probes for the same number. */
  public static List<LinearProbe> of(int count) {
    return of(count, LAYERS, WIDTH);
  }

  /** Probes for a model of that many layers, that wide. */
  static List<LinearProbe> of(int count, int layers, int width) {
    Random random = new Random(count);
    List<Pooling> poolings = Pooling.PLAIN;
    List<LinearProbe> probes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      probes.add(
          new LinearProbe(
              String.format(Locale.ROOT, "random_%d_%03d", count, i),
              new HookPoint("blocks." + i % layers + ".hook_normalized_resid_post"),
              poolings.get(i / layers % poolings.size()),
              gaussians(width, 1 / Math.sqrt(width), random),
              0,
              new Calibration.None(),
              THRESHOLD,
              "high",
              "low"));
    }
    return probes;
  }

  static float[] gaussians(int count, double scale, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    return values;
  }

  private RandomProbes() {}
}
