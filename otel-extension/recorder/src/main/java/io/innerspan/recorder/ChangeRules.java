package io.innerspan.recorder;

import io.innerspan.recorder.Origins.Origin;
import io.innerspan.signals.monitor.Change;
import io.innerspan.signals.monitor.Rule;
import io.innerspan.signals.monitor.StandingMonitors;
import io.innerspan.signals.pack.ProbePack;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * By which rules a change is told that no pack takes part in: by those of the packs that are for
 * the model, by its name or its digest before or after. Thread-safe.
 */
final class ChangeRules {
  private volatile List<ProbePack> packs = List.of();

  /**
   * @param origin the pack that declares it, or null
   */
  record Declared(Rule rule, @Nullable Origin origin) {}

  /** All packs that there are. */
  void packs(List<ProbePack> all) {
    packs = List.copyOf(all);
  }

  /**
   * The rules of a change, none when it is not to be told.
   *
   * @param name the model's, or null
   * @param digests of the model, as packs spell them
   */
  List<Declared> of(Change change, @Nullable String name, Set<String> digests) {
    List<Declared> rules = new ArrayList<>();
    boolean leftOut = false;
    for (ProbePack pack : packs) {
      if (pack.model().name().equals(name) || digests.contains(pack.model().sha256())) {
        leftOut |= pack.monitors().leavesOut(change);
        Origin origin = Origin.of(pack);
        for (Rule rule : pack.monitors().declared(change)) {
          rules.add(new Declared(rule, origin));
        }
      }
    }
    return rules.isEmpty() && !leftOut
        ? List.of(new Declared(StandingMonitors.of(change), null))
        : rules;
  }
}
