package io.innerspan.recorder;

import io.innerspan.signals.Reading;
import io.innerspan.signals.monitor.Moment;
import io.innerspan.signals.monitor.MonitorSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The monitors of one pack that watch slices of the traffic: one set for each slice, made when it
 * comes first and there is room. Thread-safe.
 */
final class SliceMonitors {
  private final Cohorts cohorts;
  private final SliceRoom room;

  /** By the keys' places; null where nothing watches a key's slices. */
  private final @Nullable MonitorSet[] byKey;

  /** Its monitor guards what is put in. */
  private final Map<Slice, MonitorSet> slices = new ConcurrentHashMap<>();

  private long taken;
  private boolean closed;

  private record Slice(int key, String value) {}

  SliceMonitors(Cohorts cohorts, SliceRoom room) {
    this.cohorts = cohorts;
    this.room = room;
    this.byKey = new MonitorSet[cohorts.size()];
  }

  /** The place of a key, or −1 where traffic is not told apart by it. */
  static int place(Cohorts cohorts, String key) {
    for (int i = 0; i < cohorts.size(); i++) {
      if (cohorts.key(i).equals(key)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Lets monitors watch each slice of a key.
   *
   * @param monitors at their beginning
   */
  void watch(int key, MonitorSet monitors) {
    byKey[key] = monitors;
  }

  /**
   * Looks at a reading.
   *
   * @param of for each key the slice, or null
   * @return whether all of its slices were looked at
   */
  boolean offer(Reading reading, @Nullable String[] of, Moment now, MonitorSet.Sink sink) {
    boolean seen = true;
    for (int key = 0; key < byKey.length; key++) {
      MonitorSet monitors = byKey[key];
      String value = of[key];
      if (monitors != null && value != null) {
        MonitorSet slice = slice(monitors, new Slice(key, value));
        seen &= slice != null && slice.offer(reading, now, sink);
      }
    }
    return seen;
  }

  private @Nullable MonitorSet slice(MonitorSet monitors, Slice slice) {
    MonitorSet known = slices.get(slice);
    if (known != null) {
      return known;
    }
    synchronized (slices) {
      MonitorSet before = slices.get(slice);
      long each = monitors.bytes();
      if (before != null || closed || !room.take(each)) {
        return before;
      }
      taken += each;
      MonitorSet made = monitors.forSlice(cohorts.key(slice.key()) + "=" + slice.value());
      slices.put(slice, made);
      return made;
    }
  }

  /** The model is gone: gives the room back. */
  void close() {
    synchronized (slices) {
      closed = true;
      slices.clear();
      room.give(taken);
      taken = 0;
    }
  }
}
