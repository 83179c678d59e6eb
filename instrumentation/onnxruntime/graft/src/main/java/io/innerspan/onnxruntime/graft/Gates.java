package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which placed signals lie behind which gate.
 *
 * <p>A branch that is taken costs as much as a few operators. Cheap signals, which are computed for
 * nearly every inference, therefore share a gate per kind, and dear ones, which are not, have one
 * each.
 *
 * @param standing the cheap signals by gate
 * @param sampled the dear signals by gate; these gates come after the others
 */
record Gates(List<List<Placed>> standing, List<List<Placed>> sampled) {
  /** A set of open gates must fit in a long. */
  private static final int MOST = 62;

  /** Of signals that share a gate if they are cheap. */
  private record Kind(Class<? extends Signal> type, SignalCost cost) {}

  static Gates of(List<Placed> gated) {
    Map<Kind, List<Placed>> cheap = new LinkedHashMap<>();
    List<Placed> dear = new ArrayList<>();
    for (Placed placed : gated) {
      Kind kind = new Kind(placed.signal().getClass(), SignalCost.of(placed.signal()));
      if (kind.cost() == SignalCost.DEAR) {
        dear.add(placed);
      } else {
        cheap.computeIfAbsent(kind, any -> new ArrayList<>()).add(placed);
      }
    }
    return new Gates(List.copyOf(cheap.values()), spread(dear, MOST - cheap.size()));
  }

  /** A gate for each signal, or, where there are too many, for some together. */
  private static List<List<Placed>> spread(List<Placed> signals, int most) {
    List<List<Placed>> gates = new ArrayList<>();
    for (int i = 0; i < signals.size(); i++) {
      if (i < most) {
        gates.add(new ArrayList<>());
      }
      gates.get(i % most).add(signals.get(i));
    }
    return gates;
  }

  int count() {
    return standing.size() + sampled.size();
  }

  /** The signals of the first gate. */
  List<Placed> first() {
    return all().findFirst().orElseThrow();
  }

  /** The gate of each signal, by its id. */
  Map<String, Integer> bySignal() {
    Map<String, Integer> gateOf = new HashMap<>();
    int next = 0;
    for (List<Placed> gate : all().toList()) {
      for (Placed placed : gate) {
        gateOf.put(placed.signal().id(), next);
      }
      next++;
    }
    return gateOf;
  }

  private Stream<List<Placed>> all() {
    return Stream.of(standing, sampled).flatMap(List::stream);
  }
}
