package io.innerspan.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.innerspan.djl.maths.SignalMaths;
import io.innerspan.djl.maths.SignalNeeds;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Position;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signals that are computed together: of the same places, the same tokens and the same gate. */
final class BlockUnit {
  private static final int X = 0;
  private static final int PREVIOUS = 1;
  private static final int REAL = 2;
  private static final int IDS = 3;

  private static final int TOKENS = 3;
  private static final int CHANNELS = 4;

  private final List<Signal> signals;
  private final List<BlockSite> sites;
  private final int gate;
  private final @Nullable EngineSums sums;
  private final NDProgram program = new NDProgram();
  private final NDProgram perToken = new NDProgram();

  /**
   * @param signals in the order of their columns
   * @param sites of the signals' hook points
   * @param gate or -1
   */
  BlockUnit(List<Signal> signals, List<BlockSite> sites, int gate) {
    this.signals = List.copyOf(signals);
    this.sites = List.copyOf(sites);
    this.gate = gate;
    this.sums = EngineSums.of(this.signals);
    if (sums != null) {
      return;
    }
    Signal first = signals.get(0);
    if (first instanceof OutputConfidence confidence) {
      maths(program).confidence(confidence, X, REAL, IDS, false);
      maths(perToken).confidence(confidence, X, REAL, IDS, true);
      return;
    }
    SignalMaths<Integer> maths = maths(program);
    TokenSelection tokens = first.tokens();
    int real = tokens.isAll() ? REAL : maths.selected(REAL, IDS, tokens);
    if (first instanceof AttentionSummary) {
      maths.pattern(X, REAL, real);
      return;
    }
    maths.activations(this.signals, X, sites.size() > 1 ? PREVIOUS : null, real);
  }

  private static SignalMaths<Integer> maths(NDProgram program) {
    return new SignalMaths<>(new NDAlgebra(program));
  }

  List<Signal> signals() {
    return signals;
  }

  List<BlockSite> sites() {
    return sites;
  }

  /** What computes the signals in the engine's sums, or null where {@link #values} does. */
  @Nullable EngineSums sums() {
    return sums;
  }

  int columns() {
    return signals.stream().mapToInt(signal -> signal.columnNames().size()).sum();
  }

  boolean isOpen(long gates) {
    return gate < 0 || (gates >>> gate & 1) != 0;
  }

  boolean readsTwo() {
    return sites.size() > 1;
  }

  /** Whether signals cannot be read without the ids of tokens. */
  boolean needsIds() {
    return !signals.get(0).tokens().isAll()
        || (signals.get(0) instanceof OutputConfidence confidence
            && confidence.position().kind() == Position.Kind.TOKEN_ID);
  }

  /** The width that an activation must have, or -1. */
  int width() {
    return SignalNeeds.width(signals.get(0));
  }

  /** The constants of both programs on a manager's device. */
  NDArray[][] place(NDManager manager) {
    return new NDArray[][] {program.place(manager), perToken.place(manager)};
  }

  /** Whether what a block gave can be read with these tokens. */
  boolean fits(NDArray x, BlockTokens real) {
    Shape shape = x.getShape();
    Shape tokens = real.shape();
    boolean masked = real.isMasked();
    int rank = shape.dimension();
    if (signals.get(0) instanceof AttentionSummary summary) {
      long size = tokens.get(1);
      return x.getDataType().isFloating()
          && masked
          && shape.equals(new Shape(tokens.get(0), summary.heads(), size, size));
    }
    if (!x.getDataType().isFloating()
        || rank < 2
        || rank > CHANNELS
        || (rank == CHANNELS && masked)
        || shape.get(0) != tokens.get(0)
        || shape.size() == 0) {
      return false;
    }
    if (rank == TOKENS && masked && shape.get(1) != tokens.get(1)) {
      return false;
    }
    long last = shape.get(rank == CHANNELS ? 1 : rank - 1);
    return (width() < 0 || last == width()) && last >= leastWidth();
  }

  private int leastWidth() {
    if (signals.get(0) instanceof OutputConfidence confidence) {
      OutputConfidence.Disagreement disagreement = confidence.disagreement();
      return Math.max(2, disagreement == null ? 0 : disagreement.answer() + 1);
    }
    return 1;
  }

  /**
   * The values {@code [batch, columns]}, 64 bits.
   *
   * @param manager to which everything that is made belongs
   * @param x that {@link #fits}; not changed
   * @param previous of the same shape, or null
   */
  NDArray values(
      NDManager manager,
      NDArray[][] placed,
      NDArray x,
      @Nullable NDArray previous,
      NDArray real,
      @Nullable NDArray ids) {
    boolean tokens = x.getShape().dimension() == TOKENS;
    boolean answers = signals.get(0) instanceof OutputConfidence;
    boolean asIs = answers || signals.get(0) instanceof AttentionSummary;
    NDArray view = asIs ? NDViews.own(manager, x) : NDViews.view(manager, x);
    NDArray before = previous == null ? view : NDViews.view(manager, previous);
    NDArray each =
        asIs && !answers
            ? real
            : tokens || !answers ? NDViews.real(manager, real, view) : NDViews.rows(manager, real);
    NDArray known = ids == null ? each : ids;
    return answers && tokens
        ? perToken.run(manager, placed[1], view, before, each, known)
        : program.run(manager, placed[0], view, before, each, known);
  }
}
