package io.innerspan.djl.maths;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Position;
import io.innerspan.signals.Probe;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signals of every kind that can be computed with tensors, as the reference defines them. */
public final class SignalMaths<T> {
  private final Algebra<T> algebra;

  public SignalMaths(Algebra<T> algebra) {
    this.algebra = algebra;
  }

  /**
   * The signals in the order of their columns: those that are computed together stand together.
   *
   * @param signals that read the same places
   */
  public static List<Signal> ordered(List<Signal> signals) {
    List<Signal> ordered = new ArrayList<>(ProbeMaths.ordered(probes(signals)));
    signals.stream().filter(signal -> !(signal instanceof Probe)).forEach(ordered::add);
    return ordered;
  }

  /**
   * The values of signals that read activations, {@code [batch, columns]} of 64 bits, in the order
   * of {@link #ordered}; NaN in rows of which no token takes part.
   *
   * @param signals probes, summaries and distances of the same hook points and tokens
   * @param x the activation {@code [batch, tokens, width]}, 32 bits
   * @param previous of the same shape, where the signals have one
   * @param real the tokens that take part, boolean {@code [batch, tokens]}
   */
  public T activations(List<Signal> signals, T x, @Nullable T previous, T real) {
    return activations(signals, x, previous, Tokens.of(algebra, real));
  }

  /** The same of tokens that are known. */
  public T activations(List<Signal> signals, T x, @Nullable T previous, Tokens<T> tokens) {
    T values = joined(parts(signals, x, previous, tokens));
    return signals.stream().allMatch(SignalMaths::isMean)
        ? values
        : present(tokens.count(), values);
  }

  /** Whether the signal is a mean, which of no tokens is NaN by itself. */
  private static boolean isMean(Signal signal) {
    return signal instanceof ActivationSummary
        || (signal instanceof LinearProbe probe && probe.pooling().equals(Pooling.MEAN));
  }

  /** The real tokens without those of excluded ids. */
  public T selected(T real, T ids, TokenSelection selection) {
    T selected = real;
    for (long id : selection.excludedIds()) {
      selected = algebra.both(selected, algebra.differs(ids, id));
    }
    return selected;
  }

  /**
   * A summary's values, likewise.
   *
   * @param pattern {@code [batch, heads, tokens, tokens]}
   * @param real the real tokens, boolean {@code [batch, tokens]}
   * @param selected those of them that take part
   */
  public T pattern(T pattern, T real, T selected) {
    Tokens<T> from = Tokens.of(algebra, selected);
    T values = new PatternMaths<>(algebra).values(pattern, Tokens.of(algebra, real), from);
    return present(from.count(), values);
  }

  /**
   * A confidence's values, likewise.
   *
   * @param logits {@code [batch, answers]}, or {@code [batch, tokens, answers]}
   * @param real the real tokens; of logits without tokens, {@code [batch, 1]}
   * @param ids of the tokens, or null
   * @param perToken whether the logits have tokens
   */
  public T confidence(
      OutputConfidence confidence, T logits, T real, @Nullable T ids, boolean perToken) {
    Position position = confidence.position();
    T among = real;
    if (perToken && position.kind() == Position.Kind.TOKEN_ID) {
      if (ids == null) {
        throw new IllegalArgumentException("a position by id needs ids");
      }
      among = algebra.both(real, algebra.equal(ids, position.tokenId()));
    }
    Tokens<T> tokens = Tokens.of(algebra, among);
    T rows = logits;
    if (perToken) {
      boolean last = position.kind() == Position.Kind.LAST;
      T row = last ? tokens.last(algebra) : tokens.first(algebra);
      rows = algebra.squeeze(algebra.matmul(algebra.single(row), logits), 1);
    }
    return present(tokens.count(), new ConfidenceMaths<>(algebra).values(confidence, rows));
  }

  private List<T> parts(List<Signal> signals, T x, @Nullable T previous, Tokens<T> tokens) {
    PoolingMaths<T> pooling = new PoolingMaths<>(algebra, tokens);
    List<T> parts = new ArrayList<>(new ProbeMaths<>(algebra, pooling).logits(probes(signals), x));
    SummaryMaths<T> summaries = new SummaryMaths<>(algebra, pooling);
    for (Signal signal : signals) {
      if (signal instanceof ActivationSummary summary) {
        parts.add(summaries.values(summary, x, previous));
      } else if (signal instanceof PopulationDistance distance) {
        parts.add(new DistanceMaths<>(algebra, pooling).value(distance, x));
      } else if (signal instanceof SaeFeatures features) {
        parts.add(new FeatureMaths<>(algebra, pooling).values(features, x));
      }
    }
    return parts;
  }

  private static List<Probe> probes(List<Signal> signals) {
    return signals.stream().filter(Probe.class::isInstance).map(Probe.class::cast).toList();
  }

  private T joined(List<T> values) {
    return values.size() == 1 ? values.get(0) : algebra.concat(values, 1);
  }

  private T present(T count, T values) {
    return algebra.where(algebra.greater(count, 0), values, Double.NaN);
  }
}
