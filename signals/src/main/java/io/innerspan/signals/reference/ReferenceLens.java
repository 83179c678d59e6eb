package io.innerspan.signals.reference;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.LayerLens;

/** What each layer would answer. */
final class ReferenceLens {
  static double[] values(LayerLens lens, RowInputs row) {
    double[] model = row.logits(lens.logits(), lens.position());
    if (model == null) {
      return ReferenceSignal.absent(lens);
    }
    double[] values = new double[lens.columnNames().size()];
    double[] ownLogs = Vectors.logSoftmax(model, 1);
    int answer = Vectors.argMax(model);
    for (int layer = 0; layer < lens.layers().size(); layer++) {
      double[] logits = logits(lens, layer, row);
      if (logits.length != model.length) {
        throw new InvalidValueException("tail", model.length + " answers", logits.length);
      }
      double[] logs = Vectors.logSoftmax(logits, 1);
      int[] largest = Vectors.largest(logits, lens.top());
      for (int rank = 0; rank < largest.length; rank++) {
        values[lens.answer(layer, rank)] = largest[rank];
        values[lens.probability(layer, rank)] = Math.exp(logs[largest[rank]]);
      }
      values[lens.entropy(layer)] = Vectors.entropy(logs);
      values[lens.divergence(layer)] = divergence(ownLogs, logs);
      values[lens.rank(layer)] = rank(logits, answer);
    }
    return values;
  }

  private static double[] logits(LayerLens lens, int layer, RowInputs row) {
    float[][] activation = row.activation(lens.layers().get(layer));
    double[][] translated = new double[activation.length][];
    for (int token = 0; token < translated.length; token++) {
      double[] h = RowInputs.doubles(activation[token]);
      translated[token] =
          lens.translators().isEmpty() ? h : translated(lens.translators().get(layer), h);
    }
    double[][] logits = row.tail().logits(translated);
    return logits.length == 1 ? logits[0] : logits[row.find(lens.position(), translated.length)];
  }

  /** {@code h + A h + b}. */
  private static double[] translated(LayerLens.Translator translator, double[] h) {
    if (h.length != translator.bias().size()) {
      throw new InvalidValueException(
          "activation", "the translator's width " + translator.bias().size(), h.length);
    }
    double[] out = new double[h.length];
    for (int i = 0; i < h.length; i++) {
      double sum = 0;
      for (int j = 0; j < h.length; j++) {
        sum += translator.weight().get(i * h.length + j) * h[j];
      }
      out[i] = h[i] + sum + translator.bias().get(i);
    }
    return out;
  }

  private static double divergence(double[] logP, double[] logQ) {
    double sum = 0;
    for (int i = 0; i < logP.length; i++) {
      double p = Math.exp(logP[i]);
      sum += p == 0 ? 0 : p * (logP[i] - logQ[i]);
    }
    return sum;
  }

  /** How many answers come first, the lower index first among equals. */
  private static int rank(double[] logits, int answer) {
    int before = 0;
    for (int i = 0; i < logits.length; i++) {
      boolean first = logits[i] > logits[answer] || (logits[i] == logits[answer] && i < answer);
      before += first ? 1 : 0;
    }
    return before;
  }

  private ReferenceLens() {}
}
