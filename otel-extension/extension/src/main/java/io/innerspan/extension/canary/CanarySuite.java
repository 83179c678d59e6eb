package io.innerspan.extension.canary;

import io.innerspan.semconv.CanaryReference;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.GoldenReading;
import io.innerspan.signals.pack.GoldenReading.Deviation;
import io.innerspan.signals.pack.ProbePack;
import io.opentelemetry.javaagent.innerspan.bridge.LiveModel;
import io.opentelemetry.javaagent.innerspan.bridge.LiveModel.LiveReading;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The canaries of one session, replayed by turns. Used by one thread. */
final class CanarySuite {
  /** There is nothing more to do for this session. */
  static final long OVER = -1;

  /** A canary and what is known of it. */
  private static final class Case {
    final OfPack canary;
    final ModelInput input;
    final Set<String> signals;
    @Nullable FirstReading first;
    boolean moved;
    boolean failed;

    Case(OfPack canary, ModelInput input) {
      this.canary = canary;
      this.input = input;
      this.signals =
          canary.pack().signals().stream().map(Signal::id).collect(Collectors.toUnmodifiableSet());
    }
  }

  /** A canary and the pack that brought it. */
  record OfPack(Canary canary, ProbePack pack) {}

  private final List<Case> cases = new ArrayList<>();
  private final ReadingLayout layout;
  private final WeakReference<LiveModel> live;
  private final CanaryListener listener;
  private final String architecture;
  private final LongSupplier nanoTime;
  private final long interval;
  private final double budget;
  private int next;
  private long due;

  /**
   * @param live the session, held weakly
   * @param architecture of this machine's processor
   */
  CanarySuite(
      List<OfPack> canaries,
      ReadingLayout layout,
      LiveModel live,
      CanaryListener listener,
      CanarySettings settings,
      String architecture,
      LongSupplier nanoTime,
      Function<Canary, ModelInput> inputs) {
    for (OfPack each : canaries) {
      cases.add(new Case(each, inputs.apply(each.canary())));
    }
    this.layout = layout;
    this.live = new WeakReference<>(live);
    this.listener = listener;
    this.architecture = architecture;
    this.nanoTime = nanoTime;
    this.interval = (long) (settings.periodSeconds() * 1e9 / cases.size());
    this.budget = settings.budget();
    this.due = nanoTime.getAsLong() + interval;
  }

  /**
   * Replays the next canary if it is time.
   *
   * @return in how many nanoseconds it is time for the one after, or {@link #OVER}
   */
  long step() {
    long left = due - nanoTime.getAsLong();
    if (left > 0) {
      return left;
    }
    LiveModel session = live.get();
    if (session == null) {
      return OVER;
    }
    Case replayed = cases.get(next);
    next = (next + 1) % cases.size();
    long begun = nanoTime.getAsLong();
    if (!replay(replayed, session)) {
      return OVER;
    }
    long ended = nanoTime.getAsLong();
    // As much rest as the budget wants, if that is more than the period leaves.
    due = Math.max(begun + interval, ended + (long) ((ended - begun) * (1 / budget - 1)));
    return Math.max(0, due - ended);
  }

  private boolean replay(Case replayed, LiveModel session) {
    LiveReading reading;
    try {
      reading = session.read(replayed.input);
    } catch (Exception e) {
      listener.failed(replayed.canary, String.valueOf(e.getMessage()), replayed.failed);
      replayed.failed = true;
      return true;
    }
    if (reading == null) {
      return false;
    }
    replayed.failed = false;
    if (reading.values().length != reading.rows() * layout.columns()) {
      listener.failed(
          replayed.canary,
          "expected " + layout.columns() + " values a row, found " + reading.values().length,
          false);
      return true;
    }
    compare(replayed, reading);
    return true;
  }

  private void compare(Case replayed, LiveReading reading) {
    boolean before = replayed.moved;
    replayed.moved = false;
    GoldenInput recorded = replayed.canary.canary().reading(architecture);
    if (recorded != null) {
      Deviation deviation =
          GoldenReading.deviation(recorded, layout, reading.values(), reading.rows());
      tell(replayed, CanaryReference.RECORDED, deviation, before);
    }
    if (replayed.first == null) {
      replayed.first = new FirstReading(reading);
    } else {
      Deviation deviation = replayed.first.deviation(layout, replayed.signals, reading);
      tell(replayed, CanaryReference.FIRST, deviation, before);
    }
    if (!replayed.moved) {
      listener.agreed(replayed.canary);
    }
  }

  private void tell(Case replayed, CanaryReference reference, Deviation deviation, boolean before) {
    listener.compared(replayed.canary, reference, deviation);
    if (deviation.isContradiction() && !replayed.moved) {
      replayed.moved = true;
      listener.moved(replayed.canary, reference, deviation, before);
    }
  }
}
