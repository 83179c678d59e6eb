package io.innerspan.djl.maths;

import io.innerspan.signals.OutputConfidence;
import java.util.ArrayList;
import java.util.List;

/** How sure a model's own answer is. */
final class ConfidenceMaths<T> {
  private final Algebra<T> algebra;

  ConfidenceMaths(Algebra<T> algebra) {
    this.algebra = algebra;
  }

  /** The columns {@code [batch, columns]} of logits {@code [batch, answers]}, 64 bits. */
  T values(OutputConfidence confidence, T logits) {
    T scaled = algebra.multiply(algebra.twice(logits), 1 / confidence.temperature());
    T shifted = algebra.subtract(scaled, algebra.unsqueeze(algebra.max(scaled, 1), 1));
    T sum = algebra.unsqueeze(algebra.sum(algebra.exp(shifted), 1), 1);
    T logs = algebra.subtract(shifted, algebra.log(sum));
    T probabilities = algebra.exp(logs);
    T two = algebra.largest(probabilities, 2, 1);
    T first = algebra.slice(two, 1, 0, 1);
    T terms =
        algebra.where(algebra.greater(probabilities, 0), algebra.multiply(probabilities, logs), 0);
    List<T> columns = new ArrayList<>();
    columns.add(first);
    columns.add(algebra.subtract(first, algebra.slice(two, 1, 1, 2)));
    columns.add(algebra.multiply(algebra.unsqueeze(algebra.sum(terms, 1), 1), -1));
    OutputConfidence.Disagreement disagreement = confidence.disagreement();
    if (disagreement != null) {
      columns.add(
          algebra.slice(probabilities, 1, disagreement.answer(), disagreement.answer() + 1));
    }
    return algebra.concat(columns, 1);
  }
}
