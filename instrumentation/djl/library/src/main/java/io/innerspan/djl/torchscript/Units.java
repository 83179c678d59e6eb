package io.innerspan.djl.torchscript;

import io.innerspan.djl.Gating;
import io.innerspan.djl.maths.SignalMaths;
import io.innerspan.djl.maths.SignalNeeds;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts signals that can share their work together. */
final class Units {
  private record Key(List<Site> sites, TokenSelection tokens, int gate, int width, String alone) {}

  static List<Unit> of(
      List<Signal> signals, Sites sites, Map<ModulePath, Integer> taps, Gating gating) {
    Map<Key, List<Signal>> groups = new LinkedHashMap<>();
    for (Signal signal : signals) {
      List<Site> read =
          signal.hookPoints().stream().map(hookPoint -> sites.site(hookPoint, taps)).toList();
      String alone = SignalNeeds.isAlone(signal) ? signal.id() : "";
      Key key = new Key(read, signal.tokens(), gating.of(signal), SignalNeeds.width(signal), alone);
      groups.computeIfAbsent(key, any -> new ArrayList<>()).add(signal);
    }
    List<Unit> units = new ArrayList<>();
    groups.forEach(
        (key, some) -> units.add(new Unit(SignalMaths.ordered(some), key.sites(), key.gate())));
    return units;
  }

  private Units() {}
}
