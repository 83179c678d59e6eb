package io.innerspan.workbench.train;

import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Probe;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.TextModel;
import io.innerspan.workbench.model.TokenIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a pack proves itself with: model inputs with the logits that a live session with the
 * compiled probe gave, each held to the reference mathematics on the tapped activations of the same
 * batch, and those activations with their logits. The texts come from the training part, as token
 * ids.
 */
public final class GoldenCases {
  /** Golden inputs run whenever a model is opened: they stay short. */
  private static final int MOST_TOKENS = 64;

  private final List<GoldenInput> inputs = new ArrayList<>();
  private final List<float[]> activations = new ArrayList<>();
  private final Probe probe;

  /**
   * From the training part.
   *
   * @throws IllegalStateException when the live session and the reference disagree
   */
  GoldenCases(TextModel model, Probe probe, PartData train, Progress progress) throws IOException {
    this(model, probe, batches(train), progress);
  }

  /**
   * From batches of texts.
   *
   * @param batches each with at least one text, longest first or not
   * @throws IllegalStateException when the live session and the reference disagree
   */
  public GoldenCases(TextModel model, Probe probe, List<List<TokenIds>> batches, Progress progress)
      throws IOException {
    this.probe = probe;
    List<float[]> live = model.readings(probe, batches);
    Progress.Counter counter =
        progress.count("golden inputs", batches.stream().mapToInt(List::size).sum());
    for (int b = 0; b < batches.size(); b++) {
      check(model, batches.get(b), live.get(b), counter);
      inputs.add(
          new GoldenInput(
              model.inputs(batches.get(b)), Map.of(probe.id(), Tensor.ofFloats(live.get(b)))));
    }
  }

  /** The model inputs with the live session's logits, by batch. */
  public List<GoldenInput> inputs() {
    return inputs;
  }

  /**
   * The activations that decided a linear probe's golden logits (of networks: like them), {@code
   * [n, width]}.
   */
  public Tensor x() {
    float[] flat = new float[activations.size() * probe.width()];
    for (int i = 0; i < activations.size(); i++) {
      System.arraycopy(activations.get(i), 0, flat, i * probe.width(), probe.width());
    }
    return Tensor.ofFloats(flat, activations.size(), probe.width());
  }

  /** Their raw logits, {@code [n]}. */
  public Tensor logit() {
    float[] logits = new float[activations.size()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) ReferenceProbe.logit(probe, activations.get(i));
    }
    return Tensor.ofFloats(logits);
  }

  private void check(TextModel model, List<TokenIds> batch, float[] live, Progress.Counter counter)
      throws IOException {
    model.visit(
        batch,
        List.of(probe.hookPoint()),
        counter,
        (row, taps) -> {
          float[][] tokens = taps.get(0);
          boolean[] real = new boolean[tokens.length];
          Arrays.fill(real, true);
          double reference = ReferenceProbe.logit(probe, tokens, real);
          if (!Tolerance.FP32.agrees(live[row], reference)) {
            throw new IllegalStateException(
                String.format(
                    Locale.ROOT,
                    "golden input: expected the live session to read the reference's %s, found %s",
                    reference,
                    live[row]));
          }
          activations.add(decisive(tokens));
        });
  }

  private float[] decisive(float[][] tokens) {
    Pooling pooling = pooling(probe);
    if (pooling.kind().ofActivations()) {
      return PooledActivations.pool(pooling, tokens);
    }
    double[] logits =
        Arrays.stream(tokens).mapToDouble(token -> ReferenceProbe.logit(probe, token)).toArray();
    return Deciding.activation(pooling, logits, tokens);
  }

  private static Pooling pooling(Probe probe) {
    if (probe instanceof LinearProbe linear) {
      return linear.pooling();
    }
    return probe instanceof MlpProbe mlp ? mlp.readout().pooling() : Pooling.MEAN;
  }

  /**
   * A middling positive alone; a batch of three lengths, padded on the right; a long text alone.
   */
  private static List<List<TokenIds>> batches(PartData train) {
    List<TokenIds> positives = shortest(train, true);
    List<TokenIds> others = shortest(train, false);
    TokenIds positive = positives.get(positives.size() / 2);
    List<TokenIds> mixed = List.of(others.get(0), positive, others.get(others.size() * 3 / 4));
    return List.of(List.of(positive), mixed, List.of(positives.get(positives.size() - 1)));
  }

  /** The rows of one label that are short enough, shortest first; at least the shortest of all. */
  private static List<TokenIds> shortest(PartData train, boolean positive) {
    List<TokenIds> ascending =
        IntStream.range(0, train.size())
            .filter(i -> train.rows().get(i).positive() == positive)
            .mapToObj(train.tokens()::get)
            .sorted(Comparator.comparingInt(TokenIds::length))
            .toList();
    List<TokenIds> enough =
        ascending.stream().filter(tokens -> tokens.length() <= MOST_TOKENS).toList();
    return enough.isEmpty() ? ascending.subList(0, 1) : enough;
  }
}
