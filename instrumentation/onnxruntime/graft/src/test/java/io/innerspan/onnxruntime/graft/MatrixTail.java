package io.innerspan.onnxruntime.graft;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.reference.ModelTail;
import io.innerspan.testing.models.SmallModel;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What a model makes of its layers' outputs, run on whole batches: a quantised tail chooses its
 * scales by all rows.
 */
final class MatrixTail implements AutoCloseable {
  private final @Nullable TailModel model;
  private final @Nullable OrtSession session;

  private MatrixTail(@Nullable TailModel model) throws OrtException {
    this.model = model;
    session = model == null ? null : model.open();
  }

  /** The tail of a model; one that cannot be asked when the model has none. */
  static MatrixTail of(SmallModel model, OnnxModel scanned) throws OrtException {
    Tail found = scanned.tail();
    boolean half = found != null && found.logits().type() != ElementType.FLOAT;
    return new MatrixTail(
        found == null
            ? null
            : new TailModel(model.model(), found.start(), found.logits().name(), half));
  }

  /** A layer's output as a tuned lens translates it, {@code h + A h + b}. */
  static Ort.Output translated(Ort.Output output, LayerLens.Translator translator) {
    int width = translator.bias().size();
    float[] values = new float[output.values().length];
    for (int at = 0; at < values.length; at++) {
      int i = at % width;
      double sum = 0;
      for (int j = 0; j < width; j++) {
        sum += translator.weight().get(i * width + j) * (double) output.values()[at - i + j];
      }
      values[at] = (float) (output.values()[at] + sum + translator.bias().get(i));
    }
    return new Ort.Output(values, output.shape());
  }

  /** The tail as the reference asks it, with one row of one of the activations. */
  @Nullable ModelTail ofRow(int row, Collection<Ort.Output> activations) {
    TailModel tail = model;
    OrtSession opened = session;
    if (tail == null || opened == null) {
      return null;
    }
    return activation -> {
      for (Ort.Output batch : activations) {
        if (isRow(batch, row, activation)) {
          return tail.logits(opened, batch, row);
        }
      }
      throw new AssertionError("no activation has such a row " + row);
    };
  }

  private static boolean isRow(Ort.Output batch, int row, double[][] activation) {
    if (batch.shape().length != 3
        || batch.shape()[1] != activation.length
        || batch.shape()[2] != activation[0].length) {
      return false;
    }
    float[][] found = batch.row(row);
    for (int token = 0; token < found.length; token++) {
      for (int i = 0; i < found[token].length; i++) {
        if (found[token][i] != (float) activation[token][i]) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public void close() throws OrtException {
    if (session != null) {
      session.close();
    }
  }
}
