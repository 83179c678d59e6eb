package io.innerspan.recorder;

import io.innerspan.recorder.Origins.Origin;
import io.innerspan.recorder.ReadingRecorder.Pending;
import io.innerspan.semconv.FaultPlace;
import io.innerspan.semconv.RefusalReason;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.monitor.Finding;
import io.innerspan.signals.monitor.Incident;
import io.innerspan.signals.monitor.Moment;
import io.innerspan.signals.monitor.Monitor;
import io.innerspan.signals.monitor.MonitorScope;
import io.innerspan.signals.monitor.MonitorSet;
import io.innerspan.signals.pack.ProbePack;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The monitors of one model's packs. Thread-safe; never waits, and nothing is thrown because of it.
 * The time of a reading is when its batch is taken, up to a second later.
 */
final class ModelMonitors {
  private static final Logger LOGGER = Logger.getLogger(ModelMonitors.class.getName());

  /** Of a model that is not read. */
  static final ModelMonitors NONE = new ModelMonitors();

  private final @Nullable ModelTelemetry model;
  private final List<OfPack> packs = new ArrayList<>();
  private boolean watchReadings;

  private record OfPack(Origin origin, MonitorSet monitors, @Nullable SliceMonitors slices) {}

  private ModelMonitors() {
    this.model = null;
  }

  ModelMonitors(ModelTelemetry model, ReadingLayout layout, List<ProbePack> packs) {
    this.model = model;
    for (ProbePack pack : packs) {
      if (!pack.monitors().monitors().isEmpty()) {
        Origin origin = Origin.of(pack);
        MonitorSet monitors = monitors(model, pack, null, layout);
        SliceMonitors slices = slices(model, pack, layout);
        this.packs.add(new OfPack(origin, monitors, slices));
        watchReadings |= monitors.watchesReadings() || slices != null;
      }
    }
  }

  /** The monitors that watch slices of one key, or all traffic. */
  private static MonitorSet monitors(
      ModelTelemetry model, ProbePack pack, @Nullable String key, ReadingLayout layout) {
    return new MonitorSet(
        pack.monitors().by(key),
        layout,
        new MonitorScope(Origin.of(pack).toString(), pack.model().sha256(), ""),
        model.sinks.gate(),
        monitor ->
            refused(
                model,
                pack,
                monitor,
                RefusalReason.UNKNOWN_SIGNAL,
                "a signal of it is not read on this model"));
  }

  private static @Nullable SliceMonitors slices(
      ModelTelemetry model, ProbePack pack, ReadingLayout layout) {
    Cohorts cohorts = model.sinks.cohorts().cohorts();
    SliceMonitors slices = null;
    for (String key : pack.monitors().keys()) {
      int place = SliceMonitors.place(cohorts, key);
      if (place < 0) {
        String why = "expected its key among the setting cohorts, '" + key + "' is not";
        for (Monitor monitor : pack.monitors().by(key).monitors()) {
          refused(model, pack, monitor, RefusalReason.INVALID_MONITOR, why);
        }
        continue;
      }
      MonitorSet monitors = monitors(model, pack, key, layout);
      if (monitors.watchesReadings()) {
        slices = slices == null ? new SliceMonitors(cohorts, model.sinks.sliceRoom()) : slices;
        slices.watch(place, monitors);
      }
    }
    return slices;
  }

  /** No more readings come. */
  void close() {
    for (OfPack pack : packs) {
      if (pack.slices() != null) {
        pack.slices().close();
      }
    }
  }

  /** Whether readings are to be offered. */
  boolean watchReadings() {
    return watchReadings;
  }

  /**
   * Looks at readings in the order in which they came.
   *
   * @param contexts of their inferences
   */
  void offer(List<Pending> readings, Context[] contexts) {
    ModelTelemetry of = model;
    if (!watchReadings || of == null) {
      return;
    }
    Moment now = of.sinks.clock().get();
    for (int i = 0; i < contexts.length; i++) {
      boolean seen = true;
      @Nullable String[] slices = readings.get(i).slices();
      for (OfPack pack : packs) {
        Reading reading = readings.get(i).reading();
        Told told = new Told(of, pack.origin(), contexts[i]);
        seen &= pack.monitors().offer(reading, now, told);
        if (pack.slices() != null && slices != null) {
          seen &= pack.slices().offer(reading, slices, now, told);
        }
      }
      if (!seen) {
        of.missed();
      }
    }
  }

  /** Counts what went wrong in an inference whose context is current. */
  void incident(Incident incident) {
    ModelTelemetry of = model;
    if (of == null || packs.isEmpty()) {
      return;
    }
    try {
      Moment now = of.sinks.clock().get();
      Context context = Context.current();
      for (OfPack pack : packs) {
        pack.monitors().incident(incident, now, new Told(of, pack.origin(), context));
      }
    } catch (Throwable fault) {
      of.sinks.health().fault(FaultPlace.RECORD.value(), fault);
    }
  }

  private static void refused(
      ModelTelemetry model, ProbePack pack, Monitor monitor, RefusalReason reason, String why) {
    model.sinks.health().monitorRefused(reason);
    LOGGER.warning(
        "Innerspan: monitor "
            + monitor.id()
            + " of pack "
            + pack.label()
            + " watches nothing: "
            + why);
  }

  /** Tells what is found: as an event, and in counters. */
  private record Told(ModelTelemetry model, Origin origin, Context context)
      implements MonitorSet.Sink {
    @Override
    public void found(Finding finding) {
      model.found(finding, origin, context);
    }

    @Override
    public void heldBack(Monitor monitor) {
      model.heldBack(monitor.rule(), monitor.kind());
    }
  }
}
