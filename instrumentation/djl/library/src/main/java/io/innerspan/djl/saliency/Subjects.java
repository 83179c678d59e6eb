package io.innerspan.djl.saliency;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.Subject;
import java.util.Arrays;

/** Makes of a model's inferences what can be explained. */
final class Subjects {
  /** Rows at once: the gradients of each keep all activations of the model. */
  private static final int BATCH = 8;

  /** More features would take more runs than anybody waits for, and more room. */
  private static final int MOST_ELEMENTS = 1 << 22;

  /** What BERT and most of its kin have for padding. */
  private static final long PADDING_ID = 0;

  private final Network network;
  private final Passage passage;

  Subjects(Network network, Passage passage) {
    this.network = network;
    this.passage = passage;
  }

  /** Every number of the first input of numbers is a part. */
  Subject features(RowInputs inputs, Target target, Baseline baseline)
      throws SaliencyRefusedException {
    Variable variable = Variable.input(inputs, inputs.floating());
    double[] input = inputs.get(inputs.floating()).values();
    double[] from = baseline == Baseline.MEAN ? Baseline.mean(input, 1) : new double[input.length];
    return subject(variable, target, input, from, 1);
  }

  /** Every token is a part: what the embedding gives for it. */
  Subject tokens(RowInputs inputs, Target target, Baseline baseline)
      throws SaliencyRefusedException {
    int ids = inputs.ids();
    Shape[] shape = new Shape[1];
    double[] input = embedded(inputs, shape);
    int width = Math.toIntExact(shape[0].get(1));
    if (shape[0].get(0) != inputs.get(ids).shape().size()) {
      throw new SaliencyRefusedException(
          "expected an embedding of " + inputs.get(ids).shape() + " tokens, found " + shape[0]);
    }
    double[] from =
        switch (baseline) {
          case ZERO -> new double[input.length];
          case MEAN -> Baseline.mean(input, width);
          case PADDING -> embedded(inputs.with(ids, inputs.get(ids).filled(PADDING_ID)), shape);
        };
    Variable variable = new Variable(inputs, Variable.EMBEDDING, shape[0]);
    return subject(variable, target, input, from, width);
  }

  /** What the embedding gives: {@code [tokens, width]}. */
  private double[] embedded(RowInputs inputs, Shape[] shape) throws SaliencyRefusedException {
    return run(
        manager -> {
          NDArray embedding = network.embedding(inputs, manager);
          shape[0] = embedding.getShape().slice(1);
          float[] values = embedding.toFloatArray();
          double[] doubles = new double[values.length];
          Arrays.setAll(doubles, i -> values[i]);
          return doubles;
        });
  }

  private Subject subject(
      Variable variable, Target target, double[] input, double[] baseline, int width)
      throws SaliencyRefusedException {
    if (input.length > MOST_ELEMENTS) {
      throw new SaliencyRefusedException(
          "expected an input of at most " + MOST_ELEMENTS + " numbers, found " + input.length);
    }
    NetworkFunction alone = new NetworkFunction(network, passage, variable, target, 1);
    double[][] ends = {input, baseline};
    double own = alone.values(new double[][] {input})[0];
    double absent = alone.values(new double[][] {baseline})[0];
    // Started behind the embedding, and loaded again, it must be the same model.
    target.require(own);
    return new Subject(
        isBatched(alone.withBatch(2), ends, own, absent) ? alone.withBatch(BATCH) : alone,
        input,
        baseline,
        width);
  }

  /** Models that were traced with one row may take no more, or mix them. */
  private static boolean isBatched(
      NetworkFunction pair, double[][] ends, double own, double absent) {
    try {
      double[] both = pair.values(ends);
      return Target.isSame(both[0], own) && Target.isSame(both[1], absent);
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** Runs the model in a manager that is closed then. */
  private interface Run<T> {
    T in(NDManager manager) throws SaliencyRefusedException;
  }

  private <T> T run(Run<T> work) throws SaliencyRefusedException {
    Object result =
        passage.pass(
            () -> {
              try (NDManager manager = network.manager().newSubManager()) {
                return network.autograd().recording(false, () -> result(work, manager));
              }
            });
    if (result instanceof SaliencyRefusedException refusal) {
      throw refusal;
    }
    @SuppressWarnings("unchecked") // What else it may be.
    T taken = (T) result;
    return taken;
  }

  private static <T> Object result(Run<T> work, NDManager manager) {
    try {
      return work.in(manager);
    } catch (SaliencyRefusedException e) {
      return e;
    }
  }
}
