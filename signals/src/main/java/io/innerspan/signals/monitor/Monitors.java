package io.innerspan.signals.monitor;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.Signal;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The monitors of one pack, and the baselines that they need. Immutable; always consistent: ids
 * differ, and every baseline that a monitor names is there.
 *
 * @param monitors at most {@value #MOST}
 * @param baselines at most {@value #MOST}
 * @param disabled ids of {@link StandingMonitors} that are left out
 */
public record Monitors(
    List<Monitor> monitors, List<SignalBaseline> baselines, Set<String> disabled) {
  /** The largest number of each. */
  public static final int MOST = 4096;

  /** No monitors. */
  public static final Monitors NONE = new Monitors(List.of(), List.of());

  /** All of {@link StandingMonitors} are there, as far as none of these tells the same. */
  public Monitors(List<Monitor> monitors, List<SignalBaseline> baselines) {
    this(monitors, baselines, Set.of());
  }

  public Monitors {
    monitors = List.copyOf(monitors);
    baselines = List.copyOf(baselines);
    MonitorChecks.size("monitors", monitors, 0, MOST);
    MonitorChecks.size("baselines", baselines, 0, MOST);
    unique("monitors", monitors.stream().map(Monitor::id).toList());
    unique("baselines", baselines.stream().map(SignalBaseline::id).toList());
    disabled = Collections.unmodifiableSet(new TreeSet<>(disabled));
    for (String id : disabled) {
      if (!StandingMonitors.IDS.contains(id)) {
        throw new InvalidValueException(
            "disabled_monitors", "some of " + StandingMonitors.IDS, "'" + id + "'");
      }
    }
    Set<String> known = new HashSet<>();
    baselines.forEach(baseline -> known.add(baseline.id()));
    for (Monitor monitor : monitors) {
      if (monitor instanceof DriftMonitor drift) {
        for (String id : drift.baselines()) {
          if (!known.contains(id)) {
            throw new InvalidValueException(
                "baselines of monitor '" + monitor.id() + "'", "ids of baselines", "'" + id + "'");
          }
        }
      }
    }
  }

  /** Those that watch the slices of one key, or all traffic. */
  public Monitors by(@Nullable String key) {
    return new Monitors(
        monitors.stream().filter(each -> Objects.equals(each.rule().by(), key)).toList(),
        baselines,
        disabled);
  }

  /**
   * The rules that a change is told by: those of the monitors that are declared for it, else of the
   * one that needs no declaration, unless that is left out.
   */
  public List<Rule> rules(Change change) {
    List<Rule> declared = declared(change);
    return declared.isEmpty() && !leavesOut(change)
        ? List.of(StandingMonitors.of(change))
        : declared;
  }

  /** The rules of the monitors that are declared for a change. */
  public List<Rule> declared(Change change) {
    return monitors.stream()
        .filter(each -> each instanceof ChangeMonitor of && of.changes().contains(change))
        .map(Monitor::rule)
        .toList();
  }

  /** Whether the monitor of a change that needs no declaration is left out. */
  public boolean leavesOut(Change change) {
    return disabled.contains(change.label());
  }

  /**
   * The rules that a canary is told by, as of a change.
   *
   * @param kind the canary's, as packs spell it
   * @param severity where no monitor is declared for it
   */
  public List<Rule> canaryRules(String kind, Severity severity) {
    List<Rule> declared =
        monitors.stream()
            .filter(each -> each instanceof CanaryMonitor of && of.canaries().contains(kind))
            .map(Monitor::rule)
            .toList();
    return declared.isEmpty() && !disabled.contains(StandingMonitors.CANARY)
        ? List.of(StandingMonitors.ofCanaries(severity))
        : declared;
  }

  /** The keys whose slices are watched. */
  public Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>();
    for (Monitor monitor : monitors) {
      if (monitor.rule().by() != null) {
        keys.add(monitor.rule().by());
      }
    }
    return keys;
  }

  /** The baseline with this id, which is there. */
  SignalBaseline baseline(String id) {
    return baselines.stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
  }

  /**
   * These with others over them: of monitors and baselines with the same id the other one holds.
   *
   * @param without ids of monitors of these, or of {@link StandingMonitors}, that are left out
   * @throws InvalidValueException if an id is left out that is not there, or a baseline is missing
   */
  public Monitors with(
      List<Monitor> others, List<SignalBaseline> otherBaselines, List<String> without) {
    Map<String, Monitor> all = new LinkedHashMap<>();
    monitors.forEach(monitor -> all.put(monitor.id(), monitor));
    Set<String> leftOut = new TreeSet<>(disabled);
    for (String id : without) {
      boolean standing = StandingMonitors.IDS.contains(id);
      if (all.remove(id) == null && !standing) {
        throw new InvalidValueException(
            "disabled",
            "ids of the pack's monitors, or of " + StandingMonitors.IDS,
            "'" + id + "'");
      }
      if (standing) {
        leftOut.add(id);
      }
    }
    others.forEach(monitor -> all.put(monitor.id(), monitor));
    Map<String, SignalBaseline> allBaselines = new LinkedHashMap<>();
    baselines.forEach(baseline -> allBaselines.put(baseline.id(), baseline));
    otherBaselines.forEach(baseline -> allBaselines.put(baseline.id(), baseline));
    return new Monitors(List.copyOf(all.values()), List.copyOf(allBaselines.values()), leftOut);
  }

  /**
   * Checks that a pack has what is watched.
   *
   * @throws InvalidMonitorException if it has not
   */
  public void check(List<Signal> signals, String model) {
    for (SignalBaseline baseline : baselines) {
      String what = "baseline '" + baseline.id() + "'";
      known(what, baseline.value(), signals);
      if (!baseline.model().equals(model)) {
        throw new InvalidMonitorException(
            InvalidMonitorException.Kind.OTHER_MODEL,
            new InvalidValueException(what, "one of the model " + model, baseline.model()));
      }
    }
    for (Monitor monitor : monitors) {
      for (Watched value : monitor.watched()) {
        known("monitor '" + monitor.id() + "'", value, signals);
      }
    }
  }

  private static void known(String what, Watched value, List<Signal> signals) {
    for (Signal signal : signals) {
      if (value.isOf(signal)) {
        return;
      }
    }
    throw new InvalidMonitorException(
        InvalidMonitorException.Kind.UNKNOWN_SIGNAL,
        new InvalidValueException(what, "a value of one of the pack's signals", "'" + value + "'"));
  }

  private static void unique(String what, List<String> ids) {
    Set<String> seen = new HashSet<>();
    for (String id : ids) {
      if (!seen.add(id)) {
        throw new InvalidValueException(what, "ids that differ", "'" + id + "' twice");
      }
    }
  }
}
