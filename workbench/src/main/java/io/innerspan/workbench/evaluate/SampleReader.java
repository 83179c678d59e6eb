package io.innerspan.workbench.evaluate;

import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Probe;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.workbench.data.LabelledText;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.TextModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import io.innerspan.workbench.train.PooledActivations;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Runs rows through the model and the probe's reference mathematics. */
final class SampleReader {
  private final TextModel model;
  private final TextTokenizer tokenizer;
  private final Probe probe;
  private final Progress progress;
  private int silent;

  SampleReader(TextModel model, TextTokenizer tokenizer, Probe probe, Progress progress) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.probe = probe;
    this.progress = progress;
  }

  /** The rows of which the probe gives a reading. */
  Sample read(List<LabelledText> rows, String what) throws IOException {
    List<TokenIds> tokens = rows.stream().map(row -> tokenizer.encode(row.text())).toList();
    double[] logits = new double[rows.size()];
    float[][] pooled = new float[rows.size()][];
    Pooling pooling = pooling(probe);
    model.visit(
        tokens,
        List.of(probe.hookPoints().get(0)),
        progress.count(what, rows.size()),
        (text, activations) -> {
          boolean[] takesPart = takesPart(tokens.get(text));
          logits[text] = ReferenceProbe.logit(probe, activations.get(0), takesPart);
          float[][] chosen = chosen(activations.get(0), takesPart);
          if (chosen.length > 0) {
            pooled[text] = PooledActivations.pool(pooling, chosen);
          }
        });
    int[] readable =
        IntStream.range(0, rows.size()).filter(row -> Double.isFinite(logits[row])).toArray();
    silent += rows.size() - readable.length;
    return new Sample(
            rows,
            tokens.stream().mapToInt(TokenIds::length).toArray(),
            pooled,
            logits,
            model.outputFeatures(tokens))
        .at(readable);
  }

  /** How many rows have had no reading so far: none of their tokens takes part. */
  int silent() {
    return silent;
  }

  /** The pooling of the probe, or mean where it pools logits and not activations. */
  static Pooling pooling(Probe probe) {
    Pooling pooling = Pooling.MEAN;
    if (probe instanceof LinearProbe linear) {
      pooling = linear.pooling();
    } else if (probe instanceof MlpProbe mlp) {
      pooling = mlp.readout().pooling();
    }
    return pooling.kind().ofActivations() ? pooling : Pooling.MEAN;
  }

  private boolean[] takesPart(TokenIds tokens) {
    boolean[] takesPart = new boolean[tokens.length()];
    for (int i = 0; i < takesPart.length; i++) {
      takesPart[i] = probe.tokens().includes(tokens.ids()[i]);
    }
    return takesPart;
  }

  private static float[][] chosen(float[][] activations, boolean[] takesPart) {
    List<float[]> chosen = new ArrayList<>();
    for (int i = 0; i < activations.length; i++) {
      if (takesPart[i]) {
        chosen.add(activations[i]);
      }
    }
    return chosen.toArray(float[][]::new);
  }
}
