package io.innerspan.signals.monitor;

import io.innerspan.signals.InvalidValueException;
import java.util.Arrays;

/**
 * How many of the last readings fired, in memory that does not grow. Windows of time consist of
 * {@value #SLOTS} slots; the oldest is left out when a new one begins. A clock that jumps by more
 * than the window empties it, one that jumps back by less fills the newest slot. Not thread-safe.
 */
final class FiringWindow {
  static final int SLOTS = 60;
  private static final long MAX_COUNT = 100_000;
  private static final int OVERHEAD = 200;

  private final Window window;
  private final long slotNanos;
  private final long[] seen;
  private final long[] fired;
  private final long[] begun;
  private long slot;
  private boolean any;
  private long allSeen;
  private long allFired;

  FiringWindow(Window window) {
    this.window = window;
    int size = window.count() > 0 ? (int) window.count() : SLOTS;
    this.slotNanos = Math.max(1, window.nanos() / SLOTS);
    this.seen = new long[window.count() > 0 ? 0 : size];
    this.fired = new long[window.count() > 0 ? (size + 63) / 64 : size];
    this.begun = new long[window.count() > 0 ? Math.min(size, SLOTS) : size];
  }

  static void check(Window window) {
    if (window.count() > 0 && window.seconds() > 0) {
      throw new InvalidValueException("window", "a count or seconds", "both");
    }
    MonitorChecks.within("window.count", window.count(), 0, MAX_COUNT);
  }

  /** About how much memory this takes. */
  long bytes() {
    return OVERHEAD + (long) Long.BYTES * (seen.length + fired.length + begun.length);
  }

  /** Takes a reading. */
  void add(boolean fires, long nanos) {
    if (window.count() > 0) {
      addToCount(fires, nanos);
    } else {
      addToTime(fires, nanos);
    }
  }

  /** How many readings are in the window. */
  long count() {
    return allSeen;
  }

  /** How many of them fired. */
  long firing() {
    return allFired;
  }

  /** The share of them that fired, or NaN while they are fewer than the minimum. */
  double rate() {
    return allSeen < window.minimum() ? Double.NaN : (double) allFired / allSeen;
  }

  /** About when the first reading of the window came: to a sixtieth of it, never after now. */
  long since(long nanos) {
    long first = nanos;
    for (int i = 0; i < begun.length; i++) {
      boolean filled =
          window.count() > 0 ? allSeen > i * (window.count() / begun.length) : seen[i] > 0;
      if (filled && begun[i] - first < 0) {
        first = begun[i];
      }
    }
    return first;
  }

  private void addToCount(boolean fires, long nanos) {
    int at = (int) (slot % window.count());
    long bit = 1L << (at & 63);
    if (allSeen == window.count()) {
      allFired -= (fired[at >> 6] & bit) != 0 ? 1 : 0;
    } else {
      allSeen++;
    }
    fired[at >> 6] = fires ? fired[at >> 6] | bit : fired[at >> 6] & ~bit;
    allFired += fires ? 1 : 0;
    long each = window.count() / begun.length;
    if (at % each == 0 && at / each < begun.length) {
      begun[(int) (at / each)] = nanos;
    }
    slot++;
  }

  private void addToTime(boolean fires, long nanos) {
    long now = Math.floorDiv(nanos, slotNanos);
    if (!any) {
      any = true;
      slot = now;
    }
    if (Math.abs(now - slot) >= SLOTS) {
      clear();
      slot = now;
    }
    while (now > slot) {
      slot++;
      int next = (int) Math.floorMod(slot, (long) SLOTS);
      allSeen -= seen[next];
      allFired -= fired[next];
      seen[next] = 0;
      fired[next] = 0;
    }
    int at = (int) Math.floorMod(slot, (long) SLOTS);
    if (seen[at] == 0) {
      begun[at] = nanos;
    }
    seen[at]++;
    fired[at] += fires ? 1 : 0;
    allSeen++;
    allFired += fires ? 1 : 0;
  }

  private void clear() {
    Arrays.fill(seen, 0);
    Arrays.fill(fired, 0);
    allSeen = 0;
    allFired = 0;
  }
}
