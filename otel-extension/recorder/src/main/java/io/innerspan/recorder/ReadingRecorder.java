package io.innerspan.recorder;

import io.innerspan.recorder.Origins.Origin;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Signal;
import io.innerspan.signals.monitor.Incident;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Records the readings of one model in one layout. Immutable. */
final class ReadingRecorder {
  private final Sinks sinks;
  private final ReadingLayout layout;
  private final ProbeTable probes;
  private final SliceScores slices;
  private final SignalRecorder[] others;
  private final MissingRows missing;
  private final SampledSignals sampled;
  private final List<String> packs;
  private final List<String> packHashes;
  private final ModelMonitors monitors;

  /**
   * A reading that waits for its place in the histograms.
   *
   * @param recorder what its columns mean
   * @param span of its inference, for exemplars
   * @param slices of the traffic that its inference belongs to, or null
   */
  record Pending(
      ReadingRecorder recorder,
      Reading reading,
      SpanContext span,
      @Nullable String @Nullable [] slices) {
    /** How many values it holds. */
    int size() {
      return reading.rows() * recorder.layout.columns();
    }
  }

  ReadingRecorder(
      Sinks sinks,
      MetricAttributes attributes,
      ReadingLayout layout,
      Origins origins,
      ModelMonitors monitors) {
    List<ProbeRecorder> probes = new ArrayList<>();
    List<SignalRecorder> others = new ArrayList<>();
    Set<Origin> packs = new LinkedHashSet<>();
    for (int i = 0; i < layout.size(); i++) {
      Signal signal = layout.signal(i);
      packs.add(origins.of(signal));
      if (signal instanceof Probe probe) {
        probes.add(
            new ProbeRecorder(probe, i, origins.of(signal), sinks.instruments(), attributes));
      } else {
        others.add(recorder(signal, i, layout, sinks, Labels.of(signal, attributes)));
      }
    }
    this.sinks = sinks;
    this.layout = layout;
    this.probes = new ProbeTable(probes);
    this.slices = new SliceScores(sinks.cohorts(), this.probes);
    this.others = others.toArray(SignalRecorder[]::new);
    this.missing = new MissingRows(layout, sinks.instruments().missing, attributes);
    this.sampled = new SampledSignals(layout);
    this.packs = packs.stream().map(Origin::toString).toList();
    this.packHashes = packs.stream().map(Origin::hash).toList();
    this.monitors = monitors;
  }

  private static SignalRecorder recorder(
      Signal signal, int index, ReadingLayout layout, Sinks sinks, Labels labels) {
    SignalInstruments instruments = sinks.instruments().signals;
    if (signal instanceof ActivationSummary summary) {
      return new SummaryRecorder(summary, index, instruments, labels);
    }
    if (signal instanceof AttentionSummary summary) {
      boolean perHead = sinks.settings().attentionHeads();
      return new AttentionRecorder(summary, index, instruments, labels, perHead);
    }
    if (signal instanceof LayerLens lens) {
      return new LensRecorder(lens, index, layout, instruments, labels);
    }
    if (signal instanceof SaeFeatures sae) {
      return new SaeRecorder(sae, index, layout, instruments, labels);
    }
    if (signal instanceof OutputConfidence confidence) {
      return new ConfidenceRecorder(confidence, index, layout, instruments, labels);
    }
    if (signal instanceof PopulationDistance distance) {
      return new DistanceRecorder(distance, index, layout, instruments, labels);
    }
    throw new IllegalArgumentException("signal: expected one of a known kind, found " + signal);
  }

  /**
   * Records one inference's reading: its span now, its histograms soon.
   *
   * @param values not copied: they must not change any more
   * @param openGates the bits of the gates that were open for this inference
   * @return the crossings of thresholds, which are still to be reported
   * @throws IllegalArgumentException if the values do not fit the layout
   */
  Crossings record(float[] values, int rows, long openGates, Span span, Context context) {
    Reading reading = accept(values, rows, openGates, context);
    LastReadings.add(this, reading);
    int missingRows = countMissing(reading, context);
    Crossings crossings = new Crossings();
    if (span.isRecording()) {
      onSpan(reading, missingRows, span, context, crossings);
    } else {
      findCrossings(reading, context, crossings);
    }
    return crossings;
  }

  /**
   * Takes the reading of one inference into the histograms.
   *
   * @throws IllegalArgumentException if the values do not fit the layout
   */
  Reading accept(float[] values, int rows, long openGates, Context context) {
    Reading reading = new Reading(layout, values, rows, openGates);
    if (sinks.settings().metrics() || monitors.watchReadings()) {
      SpanContext span = Span.fromContext(context).getSpanContext();
      sinks.batches().add(new Pending(this, reading, span, Cohorts.of(context)));
    }
    return reading;
  }

  /** Counts the rows that gave no reading. */
  int countMissing(Reading reading, Context context) {
    int rows = missing.count(reading, context);
    if (rows > 0) {
      monitors.incident(Incident.REFUSAL);
    }
    return rows;
  }

  /** Looks for crossings only. */
  void findCrossings(Reading reading, Context context, Crossings crossings) {
    probes.findCrossings(reading, probes.largest(reading), context, crossings);
  }

  /** Begins what is told of a generation. */
  StepReadings steps() {
    return new StepReadings(this, layout, probes, others, missing, sampled);
  }

  /** How many values each row has. */
  int columns() {
    return layout.columns();
  }

  /** Says what a reading says, for an application. */
  void tell(
      Reading reading,
      Map<String, Double> scores,
      Map<String, Double> thresholds,
      Set<String> crossed,
      Map<String, Map<String, Object>> signals) {
    for (int i = 0; i < probes.size(); i++) {
      probes.probe(i).tell(reading, scores, thresholds, crossed);
    }
    for (SignalRecorder other : others) {
      if (reading.isRead(other.signal())) {
        Map<String, Object> values = values(reading, other);
        if (!values.isEmpty()) {
          signals.put(layout.signal(other.signal()).id(), Map.copyOf(values));
        }
      }
    }
  }

  private Map<String, Object> values(Reading reading, SignalRecorder recorder) {
    Signal signal = layout.signal(recorder.signal());
    CollectedAttributes collected = new CollectedAttributes();
    recorder.write(reading, recorder.signal(), new SpanRoom(collected));
    Map<String, Object> values = collected.of(signal.id());
    if (signal instanceof ActivationSummary summary) {
      int column = 0;
      for (ActivationSummary.Statistic statistic : summary.statistics()) {
        double largest = largest(reading, recorder.signal(), column++);
        if (!Double.isNaN(largest)) {
          values.put(statistic.name().toLowerCase(Locale.ROOT), largest);
        }
      }
    }
    return values;
  }

  private static double largest(Reading reading, int signal, int column) {
    double largest = Double.NaN;
    for (int row = 0; row < reading.rows(); row++) {
      double value = reading.value(row, signal, column);
      largest = largest >= value ? largest : Double.isNaN(value) ? largest : value;
    }
    return largest;
  }

  /** Names the packs on a span. */
  void writePacks(Span span) {
    span.setAttribute(Keys.PACK, packs);
    span.setAttribute(Keys.PACK_HASHES, packHashes);
  }

  private void onSpan(
      Reading reading, int missingRows, Span span, Context context, Crossings crossings) {
    SpanRoom room = new SpanRoom(span);
    for (SignalRecorder other : others) {
      if (reading.isRead(other.signal())) {
        other.write(reading, other.signal(), room);
      }
    }
    room.end();
    float[] largest = probes.largest(reading);
    probes.findCrossings(reading, largest, context, crossings);
    new SpanScores(span, probes, room.left(), null).write(largest);
    sampled.write(reading, span);
    if (missingRows < reading.rows() && missing.computed(reading) > 0) {
      writePacks(span);
    }
    if (missingRows > 0) {
      span.setAttribute(Keys.MISSING_ROWS, (long) missingRows);
    }
  }

  /**
   * Puts readings into the histograms, signal by signal: each one's state is fetched once. Then the
   * monitors look at them.
   */
  void measure(List<Pending> readings) {
    Context[] contexts = new Context[readings.size()];
    for (int i = 0; i < contexts.length; i++) {
      SpanContext span = readings.get(i).span();
      contexts[i] = span.isValid() ? Context.root().with(Span.wrap(span)) : Context.root();
    }
    if (sinks.settings().metrics()) {
      measure(readings, contexts);
    }
    monitors.offer(readings, contexts);
  }

  private void measure(List<Pending> readings, Context[] contexts) {
    measureProbes(readings, contexts);
    for (SignalRecorder other : others) {
      for (int i = 0; i < contexts.length; i++) {
        Reading reading = readings.get(i).reading();
        if (reading.isRead(other.signal())) {
          other.measure(reading, contexts[i]);
        }
      }
    }
  }

  /** Slices are looked at on the way, while a probe's scores are at hand. */
  private void measureProbes(List<Pending> readings, Context[] contexts) {
    SliceScores.@Nullable OfReading[] sliced = new SliceScores.OfReading[contexts.length];
    int rows = 0;
    for (int i = 0; i < contexts.length; i++) {
      Pending pending = readings.get(i);
      @Nullable String[] of = pending.slices();
      sliced[i] = of == null ? null : slices.of(pending.reading(), of);
      rows = Math.max(rows, pending.reading().rows());
    }
    double[] scores = new double[rows];
    for (int probe = 0; probe < probes.size(); probe++) {
      for (int i = 0; i < contexts.length; i++) {
        int count = probes.probe(probe).measure(readings.get(i).reading(), contexts[i], scores);
        SliceScores.OfReading of = sliced[i];
        if (of != null) {
          of.record(probe, scores, count);
        }
      }
    }
  }
}
