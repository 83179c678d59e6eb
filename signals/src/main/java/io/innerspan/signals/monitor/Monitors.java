package io.innerspan.signals.monitor;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.Signal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The monitors of one pack, and the baselines that they need. Immutable; always consistent: ids
 * differ, and every baseline that a monitor names is there.
 *
 * @param monitors at most {@value #MOST}
 * @param baselines at most {@value #MOST}
 */
public record Monitors(List<Monitor> monitors, List<SignalBaseline> baselines) {
  /** The largest number of each. */
  public static final int MOST = 4096;

  /** No monitors. */
  public static final Monitors NONE = new Monitors(List.of(), List.of());

  public Monitors {
    monitors = List.copyOf(monitors);
    baselines = List.copyOf(baselines);
    MonitorChecks.size("monitors", monitors, 0, MOST);
    MonitorChecks.size("baselines", baselines, 0, MOST);
    unique("monitors", monitors.stream().map(Monitor::id).toList());
    unique("baselines", baselines.stream().map(SignalBaseline::id).toList());
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
        baselines);
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
   * @param without ids of monitors of these that are left out
   * @throws InvalidValueException if an id is left out that is not there, or a baseline is missing
   */
  public Monitors with(
      List<Monitor> others, List<SignalBaseline> otherBaselines, List<String> without) {
    Map<String, Monitor> all = new LinkedHashMap<>();
    monitors.forEach(monitor -> all.put(monitor.id(), monitor));
    for (String id : without) {
      if (all.remove(id) == null) {
        throw new InvalidValueException("disabled", "ids of the pack's monitors", "'" + id + "'");
      }
    }
    others.forEach(monitor -> all.put(monitor.id(), monitor));
    Map<String, SignalBaseline> allBaselines = new LinkedHashMap<>();
    baselines.forEach(baseline -> allBaselines.put(baseline.id(), baseline));
    otherBaselines.forEach(baseline -> allBaselines.put(baseline.id(), baseline));
    return new Monitors(List.copyOf(all.values()), List.copyOf(allBaselines.values()));
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
