package io.innerspan.recorder;

import io.innerspan.semconv.InnerspanAttributes;
import io.innerspan.signals.Reading;
import io.innerspan.signals.SaeFeatures;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;

/** Records the features of a sparse autoencoder: on spans, of the row with the strongest one. */
final class SaeRecorder implements SignalRecorder {
  private static final int ATTRIBUTES = 8;

  private final SaeFeatures sae;
  private final int signal;
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

  SaeRecorder(SaeFeatures sae, int signal, SignalInstruments instruments, Labels labels) {
    String id = sae.id();
    this.sae = sae;
    this.signal = signal;
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
  public void write(Reading reading, SpanRoom room) {
    int row = strongest(reading);
    if (row < 0) {
      return;
    }
    if (!room.take(ATTRIBUTES)) {
      room.omit(signal);
      return;
    }
    int count = activeOfTop(reading, row);
    List<Long> features = RowValues.indices(reading, row, signal, count, sae::feature);
    room.setAll(featuresKey, features);
    room.setAll(activationsKey, RowValues.numbers(reading, row, signal, count, sae::activation));
    if (sae.scope() == SaeFeatures.Scope.TOKENS) {
      room.setAll(tokensKey, RowValues.indices(reading, row, signal, count, sae::token));
    }
    if (features != null && !sae.dictionary().labels().isEmpty()) {
      room.setAll(labelsKey, labels(features));
    }
    room.set(neuronpediaKey, sae.dictionary().neuronpedia());
    room.set(activeFeaturesKey, reading.value(row, signal, sae.activeFeatures()));
    room.set(reconstructionErrorKey, reading.value(row, signal, sae.reconstructionError()));
    room.set(rowKey, reading.rows() > 1 ? (Long) (long) row : null);
    watched.write(reading, room);
  }

  /** The first of the rows with the strongest feature; −1 when no row has a reading. */
  private int strongest(Reading reading) {
    int best = -1;
    double largest = -1;
    for (int row = 0; row < reading.rows(); row++) {
      double activation = reading.value(row, signal, sae.activation(0));
      if (activation > largest) {
        largest = activation;
        best = row;
      }
    }
    return best;
  }

  /** How many of the top features are active: they come first. */
  private int activeOfTop(Reading reading, int row) {
    int count = 0;
    while (count < sae.top() && reading.value(row, signal, sae.activation(count)) > 0) {
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
}
