package io.innerspan.workbench.model;

import ai.onnxruntime.OrtException;
import io.innerspan.onnxruntime.graft.ElementType;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.TensorInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The output in which a model says its logits, and what they give away: the largest probability,
 * its margin over the second, the entropy in nats and, with few classes, all log probabilities.
 *
 * @param name of the output
 * @param tokens whether it is {@code [batch, tokens, classes]} instead of {@code [batch, classes]};
 *     then the last token's logits count
 */
record OwnOutput(String name, boolean tokens) {
  /** A name is what tells logits from an embedding of the same shape. */
  private static final String LOGITS = "logits";

  private static final int FEW_CLASSES = 64;

  /** The first output of floats that is called logits; null where none is. */
  static @Nullable OwnOutput of(OnnxModel model) {
    for (TensorInfo output : model.outputs()) {
      if (output.type() == ElementType.FLOAT
          && (output.rank() == 2 || output.rank() == 3)
          && output.name().toLowerCase(Locale.ROOT).contains(LOGITS)) {
        return new OwnOutput(output.name(), output.rank() == 3);
      }
    }
    return null;
  }

  /** Every text's features, batched by length. */
  float[][] read(OrtModel model, ModelInputs inputs, List<TokenIds> texts) throws OrtException {
    float[][] features = new float[texts.size()][];
    for (List<Integer> batch : Batches.byLength(texts)) {
      List<TokenIds> rows = batch.stream().map(texts::get).toList();
      float[] values = model.run(inputs.tensors(rows), List.of(name)).get(0);
      int longest = rows.get(0).length();
      for (int row = 0; row < rows.size(); row++) {
        features[batch.get(row)] =
            features(values, row, rows.size(), longest, rows.get(row).length());
      }
    }
    return features;
  }

  /**
   * A row's features.
   *
   * @param values the output of a batch
   * @param row the row
   * @param rows of the batch
   * @param longest the tokens of the batch's longest row
   * @param length the tokens of this row, padded on the right
   */
  float[] features(float[] values, int row, int rows, int longest, int length) {
    int places = tokens ? rows * longest : rows;
    int classes = values.length / places;
    int place = tokens ? row * longest + length - 1 : row;
    return features(Arrays.copyOfRange(values, place * classes, (place + 1) * classes));
  }

  static float[] features(float[] logits) {
    int classes = logits.length;
    double greatest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      greatest = Math.max(greatest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - greatest);
    }
    double logSum = greatest + Math.log(sum);
    int shown = classes <= FEW_CLASSES ? classes : 0;
    float[] features = new float[3 + shown];
    double entropy = 0;
    double second = Double.NEGATIVE_INFINITY;
    boolean first = true;
    for (int c = 0; c < classes; c++) {
      double log = logits[c] - logSum;
      entropy -= Math.exp(log) * log;
      if (first && logits[c] == greatest) {
        first = false;
      } else {
        second = Math.max(second, log);
      }
      if (c < shown) {
        features[3 + c] = (float) log;
      }
    }
    double confidence = Math.exp(greatest - logSum);
    features[0] = (float) confidence;
    features[1] = (float) (confidence - Math.exp(second));
    features[2] = (float) entropy;
    return features;
  }
}
