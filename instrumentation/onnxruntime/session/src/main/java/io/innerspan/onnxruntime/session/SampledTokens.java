package io.innerspan.onnxruntime.session;

import io.innerspan.onnxruntime.session.saliency.EmbeddedTokens;
import io.innerspan.onnxruntime.session.saliency.RepeatedRow;
import io.innerspan.onnxruntime.session.saliency.TokenPresence;
import io.innerspan.onnxruntime.session.saliency.Varying;
import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.opentelemetry.javaagent.innerspan.bridge.Saliency;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMemory;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException.Reason;
import io.opentelemetry.javaagent.innerspan.bridge.TokenEmbedding;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;

/**
 * Explains a row of token ids: by what is looked up by them where the model can start there, else
 * by occlusion.
 *
 * @param name the input of ids
 */
record SampledTokens(SessionSample sample, String name) {
  /** Integrated gradients take 128 rows for each token, or 256. */
  static final int MOST_INTEGRATED = 128;

  /** Of a row's embeddings. */
  private static final int MOST_NUMBERS = 1 << 20;

  Saliency explain(SaliencyMethod method, Baseline baseline, SaliencyMemory memory)
      throws SaliencyMissingException {
    int tokens = ids().bytes().length / Long.BYTES;
    boolean integrated = method == SaliencyMethod.INTEGRATED_GRADIENTS;
    int most = integrated ? MOST_INTEGRATED : RowExplanation.MOST_PARTS;
    if (tokens > most) {
      return occluded("expected at most " + most + " tokens, found " + tokens);
    }
    TokenEmbedding embedding = sample.copy().embedding(name);
    if (embedding == null) {
      return occluded();
    }
    try {
      return embedded(start(embedding), method, baseline, memory);
    } catch (CancellationException e) {
      throw e;
    } catch (IllegalArgumentException | IllegalStateException e) {
      sample.copy().withoutEmbedding(String.valueOf(e.getMessage()));
    } catch (SaliencyMissingException e) {
      if (e.reason() != Reason.UNSUPPORTED) {
        throw e;
      }
      sample.copy().withoutEmbedding(String.valueOf(e.getMessage()));
    }
    return occluded();
  }

  private Saliency embedded(
      EmbeddedTokens start, SaliencyMethod method, Baseline baseline, SaliencyMemory memory)
      throws SaliencyMissingException {
    EmbeddedTokens.Row row = start.row(sample.inputs());
    int numbers = row.values().length;
    if (numbers > MOST_NUMBERS) {
      return occluded("expected at most " + MOST_NUMBERS + " numbers, found " + numbers);
    }
    long bytes = RowExplanation.bytes(numbers);
    if (!memory.reserve(bytes)) {
      throw new SaliencyMissingException(
          Reason.MEMORY_LIMIT, "expected room for " + bytes + " bytes, found less");
    }
    try {
      double[] from =
          switch (baseline) {
            case ZERO -> new double[numbers];
            case MEAN -> Baseline.mean(row.values(), row.width());
            case PADDING -> start.row(EmbeddedTokens.padded(sample.inputs(), name)).values();
          };
      return new RowExplanation(
              sample.inputs(),
              start.inPlaceOf(row),
              row.values(),
              from,
              row.width(),
              baseline,
              true)
          .of(sample, method);
    } finally {
      memory.release(bytes);
    }
  }

  private Saliency occluded(String reason) throws SaliencyMissingException {
    sample.copy().occluded(reason);
    return occluded();
  }

  /** One id after the other is replaced by padding. */
  private Saliency occluded() throws SaliencyMissingException {
    Map<String, RepeatedRow> fixed = new HashMap<>(sample.inputs());
    fixed.remove(name);
    double[] present = new double[ids().bytes().length / Long.BYTES];
    Arrays.fill(present, 1);
    double[] absent = new double[present.length];
    Varying presence = TokenPresence.of(sample.copy().environment(), name, ids());
    TokenEmbedding opened = sample.copy().openedEmbedding();
    Varying varying = opened == null ? presence : start(opened).unchanged(presence);
    return new RowExplanation(fixed, varying, present, absent, 1, Baseline.PADDING, true)
        .of(sample, SaliencyMethod.OCCLUSION);
  }

  private EmbeddedTokens start(TokenEmbedding embedding) {
    return new EmbeddedTokens(sample.copy().environment(), sample.copy()::run, embedding);
  }

  private RepeatedRow ids() {
    return Objects.requireNonNull(sample.inputs().get(name));
  }
}
