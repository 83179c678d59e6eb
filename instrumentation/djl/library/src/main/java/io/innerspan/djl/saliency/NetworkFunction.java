package io.innerspan.djl.saliency;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.innerspan.signals.saliency.Differentiable;
import java.util.Arrays;
import java.util.function.Function;

/**
 * A model's score by what varies of its inputs.
 *
 * @param batch how many rows the model takes at once
 */
record NetworkFunction(
    Network network, Passage passage, Variable variable, Target target, int batch)
    implements Differentiable {

  @Override
  public int size() {
    return variable.size();
  }

  NetworkFunction withBatch(int rows) {
    return new NetworkFunction(network, passage, variable, target, rows);
  }

  @Override
  public double[] values(double[][] points) {
    return run(
        false,
        manager -> {
          NDArray rows = variable.at(manager, points);
          return doubles(scores(manager, rows, points.length).toFloatArray());
        });
  }

  @Override
  public double[][] gradients(double[][] points) {
    double[] all =
        run(
            true,
            manager -> {
              NDArray rows = variable.at(manager, points);
              rows.setRequiresGradient(true);
              NDArray sum = scores(manager, rows, points.length).sum();
              return doubles(network.autograd().gradient(sum, rows).toFloatArray());
            });
    double[][] gradients = new double[points.length][];
    Arrays.setAll(gradients, i -> Arrays.copyOfRange(all, i * size(), (i + 1) * size()));
    return gradients;
  }

  private NDArray scores(NDManager manager, NDArray rows, int count) {
    NDList outputs = variable.run(network, manager, rows, count);
    outputs.attach(manager);
    return target.of(outputs, count);
  }

  private double[] run(boolean gradients, Function<NDManager, double[]> work) {
    return passage.pass(
        () -> {
          try (NDManager manager = network.manager().newSubManager()) {
            return network.autograd().recording(gradients, () -> work.apply(manager));
          }
        });
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }
}
