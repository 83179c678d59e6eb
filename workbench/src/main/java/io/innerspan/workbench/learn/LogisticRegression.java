package io.innerspan.workbench.learn;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import java.util.Arrays;
import java.util.List;

/**
 * Logistic regression by LIBLINEAR, L2-regularised by its trust-region Newton method in the primal
 * or L1-regularised by its coordinate descent; the offset is not regularised. The same rows give
 * the same weights.
 */
final class LogisticRegression {
  private static final double STOP = 1e-4;
  private static final int MOST_ITERATIONS = 1000;

  private final Problem problem = new Problem();
  private final int features;

  static {
    Linear.disableDebugOutput();
  }

  private LogisticRegression(int features, Feature[][] rows, boolean[] positive) {
    this.features = features;
    problem.l = rows.length;
    problem.n = features + 1;
    problem.bias = 1;
    problem.x = rows;
    problem.y = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      problem.y[i] = positive[i] ? 1 : -1;
    }
  }

  static LogisticRegression dense(double[][] rows, boolean[] positive) {
    int features = rows[0].length;
    Feature[][] nodes = new Feature[rows.length][features + 1];
    for (int i = 0; i < rows.length; i++) {
      for (int d = 0; d < features; d++) {
        nodes[i][d] = new FeatureNode(d + 1, rows[i][d]);
      }
      nodes[i][features] = new FeatureNode(features + 1, 1);
    }
    return new LogisticRegression(features, nodes, positive);
  }

  static LogisticRegression sparse(List<SparseRow> rows, int features, boolean[] positive) {
    Feature[][] nodes = new Feature[rows.size()][];
    for (int i = 0; i < nodes.length; i++) {
      SparseRow row = rows.get(i);
      nodes[i] = new Feature[row.index().length + 1];
      for (int j = 0; j < row.index().length; j++) {
        nodes[i][j] = new FeatureNode(row.index()[j] + 1, row.value()[j]);
      }
      nodes[i][row.index().length] = new FeatureNode(features + 1, 1);
    }
    return new LogisticRegression(features, nodes, positive);
  }

  /**
   * Fits.
   *
   * @param c the weight of the loss against ½‖w‖²
   */
  LinearModel fit(double c) {
    return fit(SolverType.L2R_LR, c, false);
  }

  /**
   * Fits.
   *
   * @param solver L2R_LR or L1R_LR
   * @param c the weight of the loss against ½‖w‖² or ‖w‖₁
   * @param balanced whether both labels' rows weigh the same in sum
   */
  LinearModel fit(SolverType solver, double c, boolean balanced) {
    Parameter parameter = new Parameter(solver, c, MOST_ITERATIONS, STOP);
    parameter.setRegularizeBias(false);
    if (balanced) {
      double positives = Arrays.stream(problem.y).filter(label -> label > 0).count();
      double others = problem.l - positives;
      parameter.setWeights(
          new double[] {problem.l / (2 * positives), problem.l / (2 * others)}, new int[] {1, -1});
    }
    Model model = Linear.train(problem, parameter);
    double[] weights = model.getFeatureWeights();
    // The weights belong to the label that LIBLINEAR saw first.
    double sign = model.getLabels()[0] == 1 ? 1 : -1;
    double[] weight = Arrays.copyOf(weights, features);
    for (int d = 0; d < features; d++) {
      weight[d] *= sign;
    }
    return new LinearModel(weight, sign * weights[features]);
  }
}
