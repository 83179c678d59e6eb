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
 * <p>An operator costs some microseconds however small it is, so there are as few as can be: one
 * product per activation for all its probes together, and one pooling for all activations.
 */
final class LinearGraph {
  /**
   * With more readouts of one activation than this, tokens are pooled before they are read: a
   * product with every token costs more than one with the few that pooling leaves.
   */
  private static final int MANY = 16;

  private final Scope scope;
  private final ReadoutGraph graph;
  private final MlpGraph mlps;

  LinearGraph(Scope scope) {
    this.scope = scope;
    this.graph = new ReadoutGraph(scope.graph());
    this.mlps = new MlpGraph(scope.graph());
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
    Map<Scope.Tokens, List<Readout>> rowsFirst = new LinkedHashMap<>();
    Map<Scope.Tokens, List<Readout>> ofOneLength = new LinkedHashMap<>();
    for (List<Readout> ofOne : Readout.byActivation(readouts(probes))) {
      boolean many = ofOne.stream().filter(Readout::isOfRows).count() > MANY;
      for (Readout readout : ofOne) {
        if (!readout.activation().perToken()) {
          whole.add(readout);
        } else if (many && readout.isOfRows()) {
          add(rowsFirst, scope.tokens(readout.placed()), readout);
        } else {
          add(ofOneLength, scope.real(readout.placed()), readout);
        }
      }
    }
    List<Part> parts = new ArrayList<>();
    if (!whole.isEmpty()) {
      parts.add(part(whole, graph.biased(graph.products(whole, 1), whole)));
    }
    rowsFirst.forEach((tokens, some) -> parts.add(rowsFirst(tokens, some)));
    ofOneLength.values().forEach(some -> parts.addAll(perToken(some)));
    return parts;
  }

  private static <K> void add(Map<K, List<Readout>> groups, K key, Readout readout) {
    groups.computeIfAbsent(key, any -> new ArrayList<>()).add(readout);
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

  /** Tokens are pooled by one product for each activation, and probes read the result. */
  private Part rowsFirst(Scope.Tokens tokens, List<Readout> readouts) {
    List<Pooling.Kind> kinds = kinds(readouts);
    String rows = graph.rows(tokens, kinds);
    List<String> logits = new ArrayList<>();
    for (List<Readout> ofOne : Readout.byActivation(readouts)) {
      String some = graph.multiplied(rows, ofOne.get(0).activation().tensor());
      logits.add(graph.product(some, ofOne));
    }
    String all = graph.concat(logits, 2); // [batch, kinds, probes]
    return part(readouts, graph.biased(graph.own(all, readouts, kinds, readouts), readouts));
  }

  /**
   * Every token has its logit, and these are pooled: means, first and last ones by one product.
   * Biases are added before, once for all poolings: an average that begins at zero needs them, and
   * all others only pass them on.
   */
  private List<Part> perToken(List<Readout> readouts) {
    String logits = graph.biased(graph.products(readouts, 2), readouts);
    Map<Scope.Tokens, List<Readout>> ofTokens = new LinkedHashMap<>();
    readouts.forEach(readout -> add(ofTokens, scope.tokens(readout.placed()), readout));
    List<Part> parts = new ArrayList<>();
    ofTokens.forEach((tokens, some) -> parts.addAll(pooled(tokens, some, logits, readouts)));
    return parts;
  }

  /**
   * Poolings of the same tokens.
   *
   * @param some whose tokens these are
   * @param logits of {@code all}
   */
  private List<Part> pooled(
      Scope.Tokens tokens, List<Readout> some, String logits, List<Readout> all) {
    LogitPoolingGraph poolings = new LogitPoolingGraph(scope.graph(), tokens, logits);
    List<Readout> ofRows = new ArrayList<>();
    Map<Pooling, List<Readout>> others = new LinkedHashMap<>();
    for (Readout readout : some) {
      if (readout.isOfRows()) {
        ofRows.add(readout);
      } else {
        add(others, readout.linear().pooling(), readout);
      }
    }
    List<Part> parts = new ArrayList<>();
    if (!ofRows.isEmpty()) {
      List<Pooling.Kind> kinds = kinds(ofRows);
      String each = graph.multiplied(graph.rows(tokens, kinds), logits);
      parts.add(part(ofRows, graph.own(each, all, kinds, ofRows)));
    }
    others.forEach(
        (pooling, own) ->
            parts.add(part(own, poolings.pool(pooling, values -> graph.own(values, all, own)))));
    return parts;
  }

  private static List<Pooling.Kind> kinds(List<Readout> readouts) {
    return readouts.stream().map(each -> each.linear().pooling().kind()).distinct().toList();
  }

  private static Part part(List<Readout> readouts, String values) {
    return new Part(readouts.stream().map(readout -> readout.placed().signal()).toList(), values);
  }
}
