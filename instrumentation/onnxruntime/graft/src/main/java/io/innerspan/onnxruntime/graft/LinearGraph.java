package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Mlp;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Probe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The raw logits of linear readouts, of activations and of what MLPs make of them.
 *
 * <p>An operator costs some microseconds however small it is, so there are as few as can be: one or
 * two products per activation for all its probes together, and one pooling for all activations.
 */
final class LinearGraph {
  /** A readout of an activation, for the probe that it belongs to. */
  private record Readout(Placed placed, LinearProbe linear, Activation activation) {}

  /** Logits that are pooled together. */
  private record Pool(Pooling pooling, Scope.Tokens tokens) {}

  private final Scope scope;
  private final OverlayGraph graph;
  private final MlpGraph mlps;

  LinearGraph(Scope scope) {
    this.scope = scope;
    this.graph = scope.graph();
    this.mlps = new MlpGraph(graph);
  }

  /** Why a linear or MLP probe cannot be compiled, or null. */
  static @Nullable SignalRefusal refusal(Placed placed, Host host) {
    Probe probe = (Probe) placed.signal();
    SignalRefusal refusal = host.activationRefusal(probe, placed.tap(), probe.width());
    if (refusal != null) {
      return refusal;
    }
    Pooling pooling =
        (probe instanceof MlpProbe mlp ? mlp.readout() : (LinearProbe) probe).pooling();
    if (!placed.tap().perToken()) {
      return pooling.kind() == Pooling.Kind.EMA
          ? Host.unsupported(probe, "pooling " + pooling + " needs an activation per token")
          : null;
    }
    return Host.unsupportedIf(
        probe,
        pooling.kind().ofActivations()
            ? TokenRows.refusal(pooling, host.opset())
            : LogitPoolingGraph.refusal(pooling, host.opset()));
  }

  /**
   * The logits of linear and MLP probes.
   *
   * @param probes at least one
   */
  List<Part> logits(List<Placed> probes) {
    List<Readout> whole = new ArrayList<>();
    Map<Scope.Tokens, List<Readout>> pooledFirst = new LinkedHashMap<>();
    Map<Pool, List<Readout>> perToken = new LinkedHashMap<>();
    for (Readout readout : readouts(probes)) {
      Pooling pooling = readout.linear().pooling();
      if (!readout.activation().perToken()) {
        whole.add(readout);
        continue;
      }
      Scope.Tokens tokens = scope.tokens(readout.placed());
      if (pooling.kind().ofActivations()) {
        pooledFirst.computeIfAbsent(tokens, any -> new ArrayList<>()).add(readout);
      } else {
        perToken.computeIfAbsent(new Pool(pooling, tokens), any -> new ArrayList<>()).add(readout);
      }
    }
    List<Part> parts = new ArrayList<>();
    if (!whole.isEmpty()) {
      List<Readout> sorted = byActivation(whole);
      parts.add(part(sorted, biased(products(sorted, 1), sorted)));
    }
    pooledFirst.forEach((tokens, some) -> parts.add(pooledFirst(tokens, byActivation(some))));
    if (!perToken.isEmpty()) {
      parts.addAll(perToken(perToken));
    }
    return parts;
  }

  private List<Readout> readouts(List<Placed> probes) {
    Map<List<Object>, Activation> transformed = new HashMap<>();
    List<Readout> readouts = new ArrayList<>();
    for (Placed placed : probes) {
      Activation activation = scope.activation(placed.tap());
      if (placed.signal() instanceof MlpProbe probe) {
        Mlp mlp = probe.mlp();
        Activation out =
            transformed.computeIfAbsent(
                List.of(activation, mlp), any -> mlps.apply(mlp, activation));
        readouts.add(new Readout(placed, probe.readout(), out));
      } else {
        LinearProbe probe = (LinearProbe) placed.signal();
        readouts.add(new Readout(placed, probe, activation));
      }
    }
    return readouts;
  }

  /** Mean, first and last token: tokens are pooled by one product, and probes read the result. */
  private Part pooledFirst(Scope.Tokens tokens, List<Readout> readouts) {
    List<Pooling.Kind> kinds =
        readouts.stream().map(each -> each.linear().pooling().kind()).distinct().toList();
    String rows = graph.concat(kinds.stream().map(tokens.rows()::of).toList(), 1);
    List<String> logits = new ArrayList<>();
    for (List<Readout> ofOne : grouped(readouts).values()) {
      String pooled = graph.node("MatMul", List.of(rows, ofOne.get(0).activation().tensor()));
      logits.add(product(pooled, ofOne));
    }
    String all = graph.concat(logits, 2); // [batch, kinds, probes]
    if (kinds.size() == 1) {
      return part(readouts, biased(graph.squeeze(all, 1), readouts));
    }
    String flat =
        graph.node(
            "Reshape",
            List.of(all, graph.longs(new long[] {0, (long) kinds.size() * readouts.size()}, 2)));
    long[] own = new long[readouts.size()];
    for (int i = 0; i < own.length; i++) {
      int kind = kinds.indexOf(readouts.get(i).linear().pooling().kind());
      own[i] = (long) kind * readouts.size() + i;
    }
    return part(readouts, biased(columns(flat, own, 1), readouts));
  }

  /** Every token has its logit, and these are pooled. */
  private List<Part> perToken(Map<Pool, List<Readout>> byPool) {
    List<Readout> all = byActivation(byPool.values().stream().flatMap(List::stream).toList());
    String logits = products(all, 2);
    List<Part> parts = new ArrayList<>();
    byPool.forEach(
        (pool, some) -> {
          Pooling pooling = pool.pooling();
          LogitPoolingGraph poolings = new LogitPoolingGraph(graph, pool.tokens());
          List<Readout> readouts = byActivation(some);
          long[] own = readouts.stream().mapToLong(all::indexOf).toArray();
          String mine = byPool.size() == 1 ? logits : columns(logits, own, 2);
          // All but EMA give c more when every logit is c more: their bias comes last, once.
          parts.add(
              part(
                  readouts,
                  pooling.kind() == Pooling.Kind.EMA
                      ? poolings.pool(pooling, biased(mine, readouts))
                      : biased(poolings.pool(pooling, mine), readouts)));
        });
    return parts;
  }

  private static Part part(List<Readout> readouts, String values) {
    return new Part(readouts.stream().map(readout -> readout.placed().signal()).toList(), values);
  }

  private static Map<Activation, List<Readout>> grouped(List<Readout> readouts) {
    Map<Activation, List<Readout>> groups = new LinkedHashMap<>();
    for (Readout readout : readouts) {
      groups.computeIfAbsent(readout.activation(), any -> new ArrayList<>()).add(readout);
    }
    return groups;
  }

  private static List<Readout> byActivation(List<Readout> readouts) {
    return grouped(readouts).values().stream().flatMap(List::stream).toList();
  }

  /** The logits of each leading position, in the readouts' order, along the given last axis. */
  private String products(List<Readout> readouts, long axis) {
    List<String> products = new ArrayList<>();
    for (List<Readout> ofOne : grouped(readouts).values()) {
      products.add(product(ofOne.get(0).activation().tensor(), ofOne));
    }
    return graph.concat(products, axis);
  }

  private String product(String activation, List<Readout> readouts) {
    int width = readouts.get(0).linear().width();
    float[] weights = new float[width * readouts.size()];
    for (int p = 0; p < readouts.size(); p++) {
      LinearProbe probe = readouts.get(p).linear();
      for (int i = 0; i < width; i++) {
        weights[i * readouts.size() + p] = probe.weight(i);
      }
    }
    return graph.node("MatMul", List.of(activation, graph.floats(weights, width, readouts.size())));
  }

  private String biased(String logits, List<Readout> readouts) {
    float[] biases = new float[readouts.size()];
    for (int p = 0; p < biases.length; p++) {
      biases[p] = readouts.get(p).linear().bias();
    }
    return graph.node("Add", List.of(logits, graph.floats(biases, biases.length)));
  }

  private String columns(String tensor, long[] columns, long axis) {
    return graph.node(
        "Gather",
        List.of(tensor, graph.longs(columns, columns.length)),
        OverlayGraph.integer("axis", axis));
  }
}
