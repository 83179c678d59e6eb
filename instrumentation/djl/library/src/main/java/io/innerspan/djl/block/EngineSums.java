package io.innerspan.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Signal;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Linear probes of pooled activations, or norms, in as few of the engine's operations as possible,
 * each of which costs more than its arithmetic: the engine gives what it sums over a batch's tokens
 * or an activation's width, and Java the little that is left. One copy out of the engine then has
 * all that an inference gives of these.
 */
final class EngineSums {
  /** Of more probes the engine makes one product in less time. */
  private static final int MOST_PROBES = 64;

  private static final int TOKENS = 3;

  private final List<Signal> signals;
  private final List<Pooling.Kind> poolings;

  private EngineSums(List<Signal> signals, List<Pooling.Kind> poolings) {
    this.signals = signals;
    this.poolings = poolings;
  }

  /** Whether a signal may be computed so. */
  static boolean mayGive(Signal signal) {
    return signal.tokens().isAll() && (isProbe(signal) || isNorm(signal));
  }

  private static boolean isProbe(Signal signal) {
    return signal instanceof LinearProbe probe && probe.pooling().kind().ofActivations();
  }

  private static boolean isNorm(Signal signal) {
    return signal instanceof ActivationSummary summary && summary.isNorm();
  }

  /** The sums for signals of the same place, or null where they are computed otherwise. */
  static @Nullable EngineSums of(List<Signal> signals) {
    boolean probes = signals.stream().allMatch(EngineSums::isProbe);
    if (!signals.stream().allMatch(EngineSums::mayGive)
        || signals.size() > MOST_PROBES
        || !(probes || signals.stream().allMatch(EngineSums::isNorm))) {
      return null;
    }
    Stream<Pooling.Kind> kinds =
        signals.stream()
            .filter(LinearProbe.class::isInstance)
            .map(signal -> ((LinearProbe) signal).pooling().kind());
    return new EngineSums(signals, kinds.distinct().toList());
  }

  /** Whether the engine gives pooled activations; else norms. */
  boolean ofPooled() {
    return !poolings.isEmpty();
  }

  /**
   * What the engine sums, 32 bits: activations that are pooled, {@code [batch, 1, some]}, or norms,
   * {@code [batch, positions]}.
   *
   * @param manager to which what is made on the way belongs
   * @param x an activation that was found to fit; not changed
   */
  NDArray sums(NDManager manager, NDArray x, TokenRows rows) {
    boolean asIs = x.getShape().dimension() == TOKENS && x.getDataType() == DataType.FLOAT32;
    NDArray view = asIs ? x : NDViews.view(manager, x);
    if (poolings.isEmpty()) {
      return view.norm(new int[] {-1});
    }
    int positions = (int) view.getShape().get(1);
    NDList pooled = new NDList();
    for (Pooling.Kind kind : poolings) {
      // Not matMul, which looks for shapes to broadcast first.
      pooled.add(rows.weights(kind, positions).batchMatMul(view));
    }
    return pooled.size() == 1 ? pooled.get(0) : NDArrays.concat(pooled, 2);
  }

  /**
   * The columns of one row.
   *
   * @param sums of all rows, of which this one's begin at {@code from}
   * @param size of this row's sums
   * @param columns to fill from {@code to} on
   */
  void columns(TokenRows rows, int row, float[] sums, int from, int size, float[] columns, int to) {
    for (int i = 0; i < signals.size(); i++) {
      columns[to + i] =
          rows.count(row) == 0
              ? Float.NaN
              : signals.get(i) instanceof LinearProbe probe
                  ? logit(
                      probe, sums, from + poolings.indexOf(probe.pooling().kind()) * probe.width())
                  : mean(rows, row, sums, from, size);
    }
  }

  private static float logit(LinearProbe probe, float[] pooled, int from) {
    double logit = probe.bias();
    for (int i = 0; i < probe.width(); i++) {
      logit += (double) probe.weight(i) * pooled[from + i];
    }
    return (float) logit;
  }

  private static float mean(TokenRows rows, int row, float[] norms, int from, int positions) {
    double sum = 0;
    int count = 0;
    for (int position = 0; position < positions; position++) {
      if (rows.isReal(row, position, positions)) {
        sum += norms[from + position];
        count++;
      }
    }
    return (float) (sum / count);
  }
}
