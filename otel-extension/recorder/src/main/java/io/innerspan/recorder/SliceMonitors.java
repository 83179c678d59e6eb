package io.innerspan.recorder;

import io.innerspan.signals.Reading;
import io.innerspan.signals.monitor.Moment;
import io.innerspan.signals.monitor.MonitorSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The monitors of one pack that watch slices of the traffic: one set for each slice, made when it
 * comes first, for as many as {@value #MOST_BYTES} bytes hold. Thread-safe.
 */
final class SliceMonitors {
  /** Of one pack on one model. */
  static final long MOST_BYTES = 32L << 20;

  private final Cohorts cohorts;

  /** By the keys' places; null where nothing watches a key's slices. */
  private final @Nullable MonitorSet[] byKey;

  private final Map<Slice, MonitorSet> slices = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();

  private record Slice(int key, String value) {}

  SliceMonitors(Cohorts cohorts) {
    this.cohorts = cohorts;
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
    long each = monitors.bytes();
    if (bytes.addAndGet(each) > MOST_BYTES) {
      bytes.addAndGet(-each);
      return null;
    }
    String name = cohorts.key(slice.key()) + "=" + slice.value();
    MonitorSet made = monitors.forSlice(name);
    MonitorSet before = slices.putIfAbsent(slice, made);
    if (before != null) {
      bytes.addAndGet(-each);
      return before;
    }
    return made;
  }
}
