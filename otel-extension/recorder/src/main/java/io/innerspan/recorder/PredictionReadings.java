package io.innerspan.recorder;

import io.innerspan.recorder.ModelTelemetry.State;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The readings of one prediction, which may run the model several times: those that have the same
 * columns and gates are one batch. Not thread-safe.
 */
final class PredictionReadings {
  private final List<Batch> batches = new ArrayList<>(1);

  private static final class Batch {
    private final ModelTelemetry model;
    private final long gates;
    private final int columns;
    private final List<float[]> values = new ArrayList<>(1);
    private int rows;

    Batch(ModelTelemetry model, long gates, int columns) {
      this.model = model;
      this.gates = gates;
      this.columns = columns;
    }

    boolean takes(ModelTelemetry other, long otherGates, int otherColumns) {
      return model == other && gates == otherGates && columns == otherColumns;
    }

    void add(float[] reading, int count) {
      values.add(reading);
      rows += count;
    }

    float[] joined() {
      if (values.size() == 1) {
        return values.get(0);
      }
      float[] all = new float[rows * columns];
      int at = 0;
      for (float[] reading : values) {
        System.arraycopy(reading, 0, all, at, reading.length);
        at += reading.length;
      }
      return all;
    }
  }

  /**
   * Adds a reading.
   *
   * @param values {@code rows × columns} values, row by row
   */
  void add(ModelTelemetry model, long gates, float[] values, int rows) {
    if (rows <= 0) {
      return;
    }
    int columns = values.length / rows;
    Batch last = last();
    if (last == null || !last.takes(model, gates, columns)) {
      last = new Batch(model, gates, columns);
      batches.add(last);
    }
    last.add(values, rows);
  }

  private @Nullable Batch last() {
    return batches.isEmpty() ? null : batches.get(batches.size() - 1);
  }

  /** Records all of them. */
  void record(Span span, Context context, long batchSize) {
    for (Batch batch : batches) {
      State state = batch.model.state();
      if (state.readings() != null) {
        batch.model.record(
            state,
            state.readings(),
            batch.joined(),
            batch.rows,
            batch.gates,
            batchSize,
            span,
            context);
      }
    }
  }
}
