package io.innerspan.signals.reference;

import io.innerspan.signals.Pooling;
import io.innerspan.signals.SaeFeatures;
import java.util.Arrays;

/** The features of a row. */
final class ReferenceSaeFeatures {
  static double[] values(SaeFeatures signal, RowInputs row) {
    float[][] activation = row.activation(signal.hookPoint());
    TokenMask tokens = row.select(signal.tokens(), activation.length);
    if (tokens.count() == 0) {
      return ReferenceSignal.absent(signal);
    }
    double[] strongest = new double[signal.sae().features()];
    int[] places = new int[strongest.length];
    double[] values = new double[signal.columnNames().size()];
    if (signal.scope() == SaeFeatures.Scope.POOLED) {
      double[] x = TokenPooling.activation(Pooling.MEAN, activation, tokens);
      add(signal, x, 0, 1, strongest, places, values);
    } else {
      Arrays.fill(strongest, -1);
      for (int token = tokens.first(); token <= tokens.last(); token++) {
        if (tokens.isReal(token)) {
          double[] x = RowInputs.doubles(activation[token]);
          add(signal, x, token, tokens.count(), strongest, places, values);
        }
      }
    }
    tell(signal, strongest, places, values);
    return values;
  }

  private static void add(
      SaeFeatures signal,
      double[] x,
      int token,
      int tokens,
      double[] strongest,
      int[] places,
      double[] values) {
    ReferenceSae encoded = ReferenceSae.encode(signal.sae(), x);
    double[] features = encoded.features();
    for (int f = 0; f < features.length; f++) {
      if (features[f] > strongest[f]) {
        strongest[f] = features[f];
        places[f] = token;
      }
    }
    values[signal.activeFeatures()] += (double) encoded.activeFeatures() / tokens;
    values[signal.reconstructionError()] += encoded.error(x) / tokens;
  }

  private static void tell(SaeFeatures signal, double[] strongest, int[] places, double[] values) {
    int[] largest = Vectors.largest(strongest, signal.top());
    for (int rank = 0; rank < largest.length; rank++) {
      values[signal.feature(rank)] = largest[rank];
      values[signal.activation(rank)] = strongest[largest[rank]];
      if (signal.scope() == SaeFeatures.Scope.TOKENS) {
        values[signal.token(rank)] = places[largest[rank]];
      }
    }
    for (int i = 0; i < signal.watched().size(); i++) {
      values[signal.watched(i)] = strongest[signal.watched().get(i).feature()];
    }
  }

  private ReferenceSaeFeatures() {}
}
