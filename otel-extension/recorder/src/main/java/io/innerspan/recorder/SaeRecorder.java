package io.innerspan.recorder;

import io.innerspan.semconv.InnerspanAttributes;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.SaeFeatures;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Records the features of a sparse autoencoder: on spans, of the row with the strongest one. */
final class SaeRecorder implements SignalRecorder {
  private static final int ATTRIBUTES = 8;

  private final SaeFeatures sae;
  private final int signal;
  private final Slice slice;
  private final Series activeFeatures;
  private final Series reconstructionError;
  private final WatchList watched;
  private final AttributeKey<List<Long>> featuresKey;
  private final AttributeKey<List<Double>> activationsKey;
  private final AttributeKey<List<Long>> tokensKey;
  private final AttributeKey<List<String>> labelsKey;
  private final AttributeKey<String> neuronpediaKey;
  private final AttributeKey<Double> activeFeaturesKey;
  private final AttributeKey<Double> reconstructionErrorKey;
  private final AttributeKey<Long> rowKey;

  SaeRecorder(
      SaeFeatures sae,
      int signal,
      ReadingLayout layout,
      SignalInstruments instruments,
      Labels labels) {
    String id = sae.id();
    this.sae = sae;
    this.signal = signal;
    this.slice = new Slice(layout, signal);
    this.activeFeatures = new Series(instruments.activeFeatures, labels.signal());
    this.reconstructionError = new Series(instruments.reconstructionError, labels.signal());
    this.watched = new WatchList(sae, signal, instruments, labels);
    this.featuresKey = AttributeKey.longArrayKey(InnerspanAttributes.saeFeatures(id));
    this.activationsKey = AttributeKey.doubleArrayKey(InnerspanAttributes.saeActivations(id));
    this.tokensKey = AttributeKey.longArrayKey(InnerspanAttributes.saeTokens(id));
    this.labelsKey = AttributeKey.stringArrayKey(InnerspanAttributes.saeLabels(id));
    this.neuronpediaKey = AttributeKey.stringKey(InnerspanAttributes.saeNeuronpedia(id));
    this.activeFeaturesKey = AttributeKey.doubleKey(InnerspanAttributes.saeActiveFeatures(id));
    this.reconstructionErrorKey =
        AttributeKey.doubleKey(InnerspanAttributes.saeReconstructionError(id));
    this.rowKey = AttributeKey.longKey(InnerspanAttributes.saeRow(id));
  }

  @Override
  public int signal() {
    return signal;
  }

  @Override
  public void measure(Reading reading, Context context) {
    for (int row = 0; row < reading.rows(); row++) {
      activeFeatures.record(reading.value(row, signal, sae.activeFeatures()), context);
      reconstructionError.record(reading.value(row, signal, sae.reconstructionError()), context);
    }
    watched.measure(reading, context);
  }

  @Override
  public void write(Reading reading, int at, SpanRoom room) {
    write(reading, at, watched.largest(reading, at), room);
  }

  private void write(Reading reading, int at, double[] watchedFeatures, SpanRoom room) {
    int row = strongest(reading, at);
    if (row < 0) {
      return;
    }
    if (!room.take(ATTRIBUTES)) {
      room.omit(signal);
      return;
    }
    int count = activeOfTop(reading, row, at);
    List<Long> features = RowValues.indices(reading, row, at, count, sae::feature);
    room.setAll(featuresKey, features);
    room.setAll(activationsKey, RowValues.numbers(reading, row, at, count, sae::activation));
    if (sae.scope() == SaeFeatures.Scope.TOKENS) {
      room.setAll(tokensKey, RowValues.indices(reading, row, at, count, sae::token));
    }
    if (features != null && !sae.dictionary().labels().isEmpty()) {
      room.setAll(labelsKey, labels(features));
    }
    room.set(neuronpediaKey, sae.dictionary().neuronpedia());
    room.set(activeFeaturesKey, reading.value(row, at, sae.activeFeatures()));
    room.set(reconstructionErrorKey, reading.value(row, at, sae.reconstructionError()));
    room.set(rowKey, reading.rows() > 1 ? (Long) (long) row : null);
    watched.write(watchedFeatures, room);
  }

  @Override
  public double weight(Reading reading) {
    int row = strongest(reading, signal);
    return row < 0 ? Double.NaN : reading.value(row, signal, sae.activation(0));
  }

  @Override
  public SignalSteps steps() {
    return new Steps();
  }

  /** The first of the rows with the strongest feature; −1 when no row has a reading. */
  private int strongest(Reading reading, int at) {
    int best = -1;
    double largest = -1;
    for (int row = 0; row < reading.rows(); row++) {
      double activation = reading.value(row, at, sae.activation(0));
      if (activation > largest) {
        largest = activation;
        best = row;
      }
    }
    return best;
  }

  /** How many of the top features are active: they come first. */
  private int activeOfTop(Reading reading, int row, int at) {
    int count = 0;
    while (count < sae.top() && reading.value(row, at, sae.activation(count)) > 0) {
      count++;
    }
    return count;
  }

  private List<String> labels(List<Long> features) {
    List<String> labels = new ArrayList<>(features.size());
    for (Long feature : features) {
      String label = sae.dictionary().label(feature.intValue());
      labels.add(label == null ? "" : label);
    }
    return labels;
  }

  /** The step with the strongest feature, and each watched feature where it is strongest. */
  private final class Steps extends PeakStep {
    private double @Nullable [] largest;

    Steps() {
      super(sae.id(), SaeRecorder.this, slice);
    }

    @Override
    public void add(Reading reading, int step) {
      super.add(reading, step);
      double[] now = watched.largest(reading, signal);
      if (largest == null) {
        largest = now;
      } else {
        WatchList.raise(largest, now);
      }
    }

    @Override
    void write(Reading peak, SpanRoom room) {
      SaeRecorder.this.write(peak, 0, Objects.requireNonNull(largest), room);
    }
  }
}
