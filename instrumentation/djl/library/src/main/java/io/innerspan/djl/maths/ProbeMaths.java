package io.innerspan.djl.maths;

import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Mlp;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The raw logits of probes of one activation: one product for all probes that read the same thing
 * with the same pooling.
 */
final class ProbeMaths<T> {
  /** A linear readout, for the probe that it belongs to. */
  private record Readout(Probe probe, LinearProbe linear) {}

  /** Readouts of the same tensor that are pooled alike. */
  private record Group(@Nullable Mlp mlp, Pooling pooling) {}

  private final Algebra<T> algebra;
  private final PoolingMaths<T> pooling;
  private final AttentionMaths<T> attention;
  private final Map<Mlp, T> transformed = new HashMap<>();

  ProbeMaths(Algebra<T> algebra, PoolingMaths<T> pooling) {
    this.algebra = algebra;
    this.pooling = pooling;
    this.attention = new AttentionMaths<>(algebra, pooling);
  }

  /** The probes in the order of their columns. */
  static List<Signal> ordered(List<Probe> probes) {
    List<Signal> ordered = new ArrayList<>(attention(probes));
    groups(probes).values().stream()
        .flatMap(List::stream)
        .map(Readout::probe)
        .forEach(ordered::add);
    return ordered;
  }

  /** The logits {@code [batch, some]} of some probes each, in that order. */
  List<T> logits(List<Probe> probes, T activations) {
    List<T> logits = new ArrayList<>();
    for (AttentionProbe probe : attention(probes)) {
      logits.add(attention.logit(probe, transformed(probe.mlp(), activations)));
    }
    groups(probes).forEach((group, some) -> logits.add(linear(group, some, activations)));
    return logits;
  }

  private static List<AttentionProbe> attention(List<Probe> probes) {
    return probes.stream()
        .filter(AttentionProbe.class::isInstance)
        .map(AttentionProbe.class::cast)
        .toList();
  }

  private static Map<Group, List<Readout>> groups(List<Probe> probes) {
    Map<Group, List<Readout>> groups = new LinkedHashMap<>();
    for (Probe probe : probes) {
      if (!(probe instanceof AttentionProbe)) {
        Mlp mlp = probe instanceof MlpProbe of ? of.mlp() : null;
        LinearProbe linear = probe instanceof MlpProbe of ? of.readout() : (LinearProbe) probe;
        groups
            .computeIfAbsent(new Group(mlp, linear.pooling()), any -> new ArrayList<>())
            .add(new Readout(probe, linear));
      }
    }
    return groups;
  }

  private T linear(Group group, List<Readout> readouts, T activations) {
    T read = transformed(group.mlp(), activations);
    int count = readouts.size();
    int width = readouts.get(0).linear().width();
    float[] weights = new float[width * count];
    float[] biases = new float[count];
    for (int p = 0; p < count; p++) {
      LinearProbe probe = readouts.get(p).linear();
      for (int i = 0; i < width; i++) {
        weights[i * count + p] = probe.weight(i);
      }
      biases[p] = probe.bias();
    }
    T columns = algebra.constant(weights, width, count);
    if (group.pooling().kind().ofActivations()) {
      T pooled = pooling.activation(group.pooling().kind(), read);
      T logits = algebra.twice(algebra.matmul(pooled, columns));
      return algebra.add(logits, algebra.constant(biases, count));
    }
    T logits = algebra.twice(algebra.matmul(read, columns));
    T biased = algebra.add(logits, algebra.constant(biases, 1, 1, count));
    return pooling.logits(group.pooling(), biased);
  }

  private T transformed(@Nullable Mlp mlp, T activations) {
    if (mlp == null) {
      return activations;
    }
    T known = transformed.get(mlp);
    if (known != null) {
      return known;
    }
    T x = activations;
    for (Mlp.Layer layer : mlp.layers()) {
      float[] weights = Columns.transposed(layer.weights(), layer.out());
      T product = algebra.matmul(x, algebra.constant(weights, layer.in(), layer.out()));
      T bias = algebra.constant(layer.bias(), 1, 1, layer.out());
      x = algebra.relu(algebra.add(product, bias));
    }
    transformed.put(mlp, x);
    return x;
  }
}
