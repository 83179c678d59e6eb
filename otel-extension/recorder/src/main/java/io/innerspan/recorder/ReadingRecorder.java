package io.innerspan.recorder;

import io.innerspan.semconv.ReadingMissingReason;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Records the readings of one model in one layout. Immutable. */
final class ReadingRecorder {
  private final Sinks sinks;
  private final MetricAttributes attributes;
  private final ReadingLayout layout;
  private final ProbeRecorder[] probes;
  private final NormRecorder[] norms;
  private final List<String> packs;
  private final int attributesOfProbes;

  ReadingRecorder(Sinks sinks, MetricAttributes attributes, ReadingLayout layout, Origins origins) {
    Instruments instruments = sinks.instruments();
    List<ProbeRecorder> probes = new ArrayList<>();
    List<NormRecorder> norms = new ArrayList<>();
    Set<String> packs = new LinkedHashSet<>();
    for (int column = 0; column < layout.size(); column++) {
      Signal signal = layout.signal(column);
      packs.add(origins.of(signal).toString());
      if (signal instanceof Probe probe) {
        probes.add(new ProbeRecorder(probe, column, origins.of(signal), instruments, attributes));
      } else if (signal instanceof ActivationSummary) {
        norms.add(
            new NormRecorder(
                column, instruments.activationNorm, attributes.with(Keys.SIGNAL_ID, signal.id())));
      }
    }
    this.sinks = sinks;
    this.attributes = attributes;
    this.layout = layout;
    this.probes = probes.toArray(ProbeRecorder[]::new);
    this.norms = norms.toArray(NormRecorder[]::new);
    this.packs = List.copyOf(packs);
    this.attributesOfProbes = probes.stream().mapToInt(ProbeRecorder::spanAttributes).sum();
  }

  /**
   * Records one inference's reading.
   *
   * @param openGates the bits of the gates that were open for this inference
   * @return the crossings of thresholds, which are still to be reported
   * @throws IllegalArgumentException if the values do not fit the layout
   */
  Crossings record(float[] values, int rows, long openGates, Span span, Context context) {
    Reading reading = new Reading(layout, values, rows, openGates);
    Crossings crossings = new Crossings();
    SpanScores onSpan =
        span.isRecording() ? new SpanScores(span, probes, attributesOfProbes) : null;
    for (int i = 0; i < probes.length; i++) {
      double score = probes[i].record(reading, context, crossings);
      if (onSpan != null && !Double.isNaN(score)) {
        onSpan.add(i, score);
      }
    }
    for (NormRecorder norm : norms) {
      norm.record(reading, context);
    }
    int missing = recordMissing(reading, context);
    if (onSpan != null) {
      onSpan.end();
      if (missing < rows) {
        span.setAttribute(Keys.PACK, packs);
      }
      if (missing > 0) {
        span.setAttribute(Keys.MISSING_ROWS, (long) missing);
      }
    }
    return crossings;
  }

  /** Counts incomplete rows in the metric, and returns the number of rows without any value. */
  private int recordMissing(Reading reading, Context context) {
    int noToken = 0;
    int notFinite = 0;
    int missing = 0;
    for (int row = 0; row < reading.rows(); row++) {
      if (!reading.hasReading(row)) {
        noToken++;
        missing++;
      } else {
        int absent = absent(reading, row);
        notFinite += absent > 0 ? 1 : 0;
        missing += absent == layout.size() ? 1 : 0;
      }
    }
    add(noToken, ReadingMissingReason.NO_TOKEN, context);
    add(notFinite, ReadingMissingReason.NOT_FINITE, context);
    return missing;
  }

  /** How many signals were computed for the row and have no value. */
  private int absent(Reading reading, int row) {
    int absent = 0;
    for (int signal = 0; signal < layout.size(); signal++) {
      absent += reading.isRead(signal) && !reading.isPresent(row, signal) ? 1 : 0;
    }
    return absent;
  }

  private void add(int rows, ReadingMissingReason reason, Context context) {
    if (rows > 0) {
      sinks.instruments().missing.add(rows, attributes.missing(reason), context);
    }
  }
}
