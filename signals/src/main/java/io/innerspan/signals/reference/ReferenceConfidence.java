package io.innerspan.signals.reference;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.OutputConfidence;

/** How sure the model's own answer is. */
final class ReferenceConfidence {
  static double[] values(OutputConfidence confidence, RowInputs row) {
    double[] logits = row.logits(confidence.hookPoint(), confidence.position());
    if (logits == null) {
      return ReferenceSignal.absent(confidence);
    }
    if (logits.length < 2) {
      throw new InvalidValueException("logits", "at least 2 answers", logits.length);
    }
    double[] logs = Vectors.logSoftmax(logits, confidence.temperature());
    int[] largest = Vectors.largest(logits, 2);
    double[] values = ReferenceSignal.absent(confidence);
    values[OutputConfidence.MAX_PROBABILITY] = Math.exp(logs[largest[0]]);
    values[OutputConfidence.MARGIN] = Math.exp(logs[largest[0]]) - Math.exp(logs[largest[1]]);
    values[OutputConfidence.ENTROPY] = Vectors.entropy(logs);
    OutputConfidence.Disagreement disagreement = confidence.disagreement();
    if (disagreement != null) {
      if (disagreement.answer() >= logits.length) {
        throw new InvalidValueException(
            "answer", "an index below " + logits.length, disagreement.answer());
      }
      values[OutputConfidence.ANSWER_PROBABILITY] = Math.exp(logs[disagreement.answer()]);
    }
    return values;
  }

  private ReferenceConfidence() {}
}
