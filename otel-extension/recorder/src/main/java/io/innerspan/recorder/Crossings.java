package io.innerspan.recorder;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The crossings of thresholds of one inference that get an event: at most {@value #LIMIT}, the
 * highest of each probe first, then further rows by score. A loud probe so never hides a quiet one,
 * and a large batch never floods the log. Confined to one thread; bounded memory.
 */
final class Crossings {
  static final int LIMIT = 16;

  private final Set<ProbeRecorder> silent;
  private final int limit;

  // Made when needed: most inferences cross nothing.
  private @Nullable List<Crossing> first;
  private @Nullable List<Crossing> further;
  private @Nullable Crossing highest;
  private long count;

  /**
   * A row that reached a probe's threshold.
   *
   * @param probe the probe
   * @param row the row of the batch
   * @param score the row's score
   */
  record Crossing(ProbeRecorder probe, int row, double score) {}

  Crossings() {
    this(Set.of(), LIMIT);
  }

  /**
   * @param silent probes whose crossings are counted only
   * @param limit how many may be reported, at most {@value #LIMIT}
   */
  Crossings(Set<ProbeRecorder> silent, int limit) {
    this.silent = silent;
    this.limit = limit;
  }

  /** Takes a crossing of the probe whose rows are looked at just now. */
  void offer(ProbeRecorder probe, int row, double score) {
    count++;
    if (limit == 0 || silent.contains(probe)) {
      return;
    }
    Crossing before = highest;
    if (before == null || score > before.score()) {
      highest = new Crossing(probe, row, score);
      if (before != null) {
        further = keep(further, before);
      }
    } else if (further == null
        || further.size() < limit
        || score > further.get(limit - 1).score()) {
      further = keep(further, new Crossing(probe, row, score));
    }
  }

  /** The probe's rows are all looked at. */
  void probeEnds() {
    if (highest != null) {
      first = keep(first, highest);
      highest = null;
    }
  }

  /** The crossings that get an event. */
  List<Crossing> reported() {
    List<Crossing> reported = new ArrayList<>(limit);
    if (first != null) {
      reported.addAll(first);
    }
    if (further != null) {
      reported.addAll(further.subList(0, Math.min(limit - reported.size(), further.size())));
    }
    return reported;
  }

  /** All crossings, with or without an event. */
  long count() {
    return count;
  }

  // Highest first; of equals, the one that came first.
  private List<Crossing> keep(@Nullable List<Crossing> kept, Crossing crossing) {
    List<Crossing> list = kept == null ? new ArrayList<>() : kept;
    int at = list.size();
    while (at > 0 && list.get(at - 1).score() < crossing.score()) {
      at--;
    }
    list.add(at, crossing);
    if (list.size() > limit) {
      list.remove(limit);
    }
    return list;
  }
}
