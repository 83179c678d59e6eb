package io.innerspan.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.SignalRefusal;
import io.innerspan.djl.SignalRefusal.Reason;
import io.innerspan.djl.maths.SignalNeeds;
import io.innerspan.signals.Signal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One inference of a model that is a block of Java. When the root has run, {@link #finish} gives
 * the reading. What the engine makes for it lives until {@link #close}.
 */
public final class BlockCapture implements BlockListener, AutoCloseable {
  private final BlockPlan plan;
  private final List<BlockUnit> units;
  private final BlockPlan.Weights weights;
  private final long openGates;
  private final NDManager manager;
  private final @Nullable BlockTokens tokens;
  private final @Nullable NDArray ids;
  private final BlockPath path;
  private final @Nullable NDArray[] results;
  private final @Nullable NDArray[][] waiting;
  private final Map<Integer, String> misfits = new HashMap<>();
  private boolean closed;

  BlockCapture(BlockPlan plan, BlockPlan.Weights weights, NDList inputs, long openGates) {
    this.plan = plan;
    this.units = plan.units();
    this.weights = weights;
    this.openGates = openGates;
    this.path = new BlockPath(plan.root());
    this.results = new NDArray[units.size()];
    this.waiting = new NDArray[units.size()][];
    this.ids = plan.inputs().ids(inputs);
    this.manager = inputs.get(0).getManager().newSubManager();
    this.tokens = plan.inputs().tokens(inputs, manager);
  }

  @Override
  public void enter(Block block) {
    path.enter(block);
  }

  @Override
  public void leave(@Nullable NDList outputs) {
    BlockNode node = path.leave();
    if (node == null || node.tap() < 0 || outputs == null || outputs.isEmpty()) {
      return;
    }
    for (BlockReads.Read read : plan.reads().ofTap(node.tap())) {
      read(read, outputs.get(0));
    }
  }

  private void read(BlockReads.Read read, NDArray x) {
    int i = read.unit();
    BlockUnit unit = units.get(i);
    BlockTokens real = tokens;
    if (real == null || !unit.isOpen(openGates) || (unit.needsIds() && ids == null)) {
      return;
    }
    try {
      if (!unit.fits(x, real)) {
        misfits.put(i, "found " + x.getShape() + " of " + x.getDataType());
      } else if (unit.sums() != null) {
        keep(i, unit.sums().sums(manager, x, real.rows()));
      } else {
        readByProgram(i, read.at(), x, real.real());
      }
    } catch (RuntimeException e) {
      // Whatever an engine cannot do must not reach the application.
      misfits.put(i, "the engine failed: " + e);
    }
  }

  private void readByProgram(int i, int at, NDArray x, NDArray real) {
    try (NDManager steps = manager.newSubManager()) {
      if (units.get(i).readsTwo()) {
        readTwo(i, at, steps, x, real);
      } else {
        NDArray[][] constants = weights.constants().get(i);
        keep(i, units.get(i).values(steps, constants, x, null, real, ids));
      }
    }
  }

  private void readTwo(int i, int at, NDManager steps, NDArray x, NDArray real) {
    NDArray[] pair = waiting[i] == null ? new NDArray[2] : waiting[i];
    waiting[i] = pair;
    // A copy, because the model may change its own in place before the other one is there.
    pair[at] = x.duplicate();
    pair[at].attach(manager);
    NDArray here = pair[0];
    NDArray before = pair[1];
    if (here != null && before != null) {
      if (!here.getShape().equals(before.getShape())) {
        misfits.put(i, "found " + here.getShape() + " after " + before.getShape());
        return;
      }
      NDArray[][] constants = weights.constants().get(i);
      keep(i, units.get(i).values(steps, constants, here, before, real, ids));
    }
  }

  private void keep(int i, NDArray result) {
    if (result.getManager() != manager) {
      result.attach(manager);
    }
    results[i] = result;
  }

  /**
   * The reading, once the root block has run.
   *
   * @param outputs what the root gave, or null when it failed; not changed
   * @return null when there is none
   */
  public @Nullable CapturedReading finish(@Nullable NDList outputs) {
    if (outputs == null) {
      return null;
    }
    readOutputs(outputs);
    Map<String, SignalRefusal> refusals = new HashMap<>();
    for (int i = 0; i < results.length; i++) {
      if (results[i] == null && units.get(i).isOpen(openGates)) {
        refuse(i, refusals);
      }
    }
    if (tokens == null) {
      return new CapturedReading(new float[0], 0, openGates, refusals);
    }
    TokenRows rows = tokens.rows();
    float[] values = new BlockColumns(units, results, manager, rows).join();
    return new CapturedReading(values, rows.rows(), openGates, refusals);
  }

  private void readOutputs(NDList outputs) {
    for (BlockReads.Read read : plan.reads().ofOutputs()) {
      NDArray output = BlockSite.find(read.output(), outputs);
      if (output != null && results[read.unit()] == null) {
        read(read, output);
      }
    }
  }

  private void refuse(int i, Map<String, SignalRefusal> refusals) {
    BlockUnit unit = units.get(i);
    for (Signal signal : unit.signals()) {
      refusals.put(signal.id(), refusal(i, unit, signal));
    }
  }

  private SignalRefusal refusal(int i, BlockUnit unit, Signal signal) {
    if (tokens == null) {
      return SignalRefusal.of(
          Reason.NO_ATTENTION_MASK,
          signal,
          "no attention mask: no single input of [batch, tokens] has a name such as"
              + " attention_mask");
    }
    if (unit.needsIds() && ids == null) {
      return SignalRefusal.of(
          Reason.UNSUPPORTED, signal, "no token ids: no single input has a name such as input_ids");
    }
    String expected = "expected " + SignalNeeds.expected(signal) + ", ";
    String found = misfits.get(i);
    return SignalRefusal.of(
        Reason.NO_HOOK_POINT, signal, expected + (found == null ? "found no call" : found));
  }

  /** Frees what the engine made. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      manager.close();
    } finally {
      plan.ended();
    }
  }
}
