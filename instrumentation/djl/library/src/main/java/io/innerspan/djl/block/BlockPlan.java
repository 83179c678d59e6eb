package io.innerspan.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import io.innerspan.djl.Gating;
import io.innerspan.djl.Placements;
import io.innerspan.djl.SignalRefusal;
import io.innerspan.djl.maths.SignalNeeds;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How signals are read in a model that is a block of Java. One per model, closed with it; its
 * weights lie on the devices that were used. Thread-safe.
 */
public final class BlockPlan implements AutoCloseable {
  private final BlockNode root;
  private final BlockInputs inputs;
  private final List<BlockUnit> units;
  private final Map<String, SignalRefusal> refusals;
  private final ReadingLayout layout;
  private final BlockReads reads;
  private final Placements<Weights> placements = new Placements<>();

  /** The constants of each unit on a device. */
  record Weights(NDManager manager, List<NDArray[][]> constants) implements AutoCloseable {
    @Override
    public void close() {
      manager.close();
    }
  }

  private BlockPlan(
      BlockNode root,
      BlockInputs inputs,
      List<BlockUnit> units,
      Map<String, SignalRefusal> refusals,
      Gating gating) {
    this.root = root;
    this.inputs = inputs;
    this.units = List.copyOf(units);
    this.reads = BlockReads.of(this.units);
    this.refusals = Map.copyOf(refusals);
    List<Signal> ordered = units.stream().flatMap(unit -> unit.signals().stream()).toList();
    this.layout =
        new ReadingLayout(ordered, ordered.stream().map(gating::of).toList(), gating.standing());
  }

  /**
   * Finds what signals read.
   *
   * @param root the model's block
   * @param signals with ids that differ; those that cannot be read are refused
   */
  public static BlockPlan of(Block root, List<Signal> signals, Gating gating) {
    BlockNode tree = BlockNode.tree(root);
    BlockSites sites = new BlockSites(tree);
    Map<String, SignalRefusal> refusals = new LinkedHashMap<>();
    List<Signal> readable = new ArrayList<>();
    for (Signal signal : signals) {
      SignalRefusal refusal = SignalNeeds.refusal(signal);
      refusal = refusal == null ? sites.refusal(signal) : refusal;
      if (refusal == null) {
        readable.add(signal);
      } else {
        refusals.put(signal.id(), refusal);
      }
    }
    return new BlockPlan(
        tree, BlockInputs.of(root), sites.units(readable, gating), refusals, gating);
  }

  /** What the columns of readings mean. */
  public ReadingLayout layout() {
    return layout;
  }

  /** By signal id, why a signal has no columns. */
  public Map<String, SignalRefusal> refusals() {
    return refusals;
  }

  /** Whether every signal was refused. */
  public boolean isEmpty() {
    return units.isEmpty();
  }

  /** What the root block calls its inputs, in order; empty when it does not say. */
  List<String> inputNames() {
    return inputs.names();
  }

  /**
   * Begins an inference, whose blocks the calling thread runs. The capture must be closed.
   *
   * @param given the inputs of the root block
   * @param openGates the bits of the gates that are open
   * @return null where nothing is to be read
   */
  public @Nullable BlockCapture begin(NDList given, long openGates) {
    if (given.isEmpty() || units.isEmpty()) {
      return null;
    }
    NDManager manager = given.get(0).getManager();
    Weights weights = placements.take(manager.getDevice(), () -> place(manager));
    if (weights == null) {
      return null;
    }
    try {
      return new BlockCapture(this, weights, given, openGates);
    } catch (RuntimeException | Error e) {
      placements.release();
      throw e;
    }
  }

  private Weights place(NDManager near) {
    NDManager manager =
        NDManager.newBaseManager(near.getDevice(), near.getEngine().getEngineName());
    return new Weights(manager, units.stream().map(unit -> unit.place(manager)).toList());
  }

  BlockNode root() {
    return root;
  }

  BlockInputs inputs() {
    return inputs;
  }

  List<BlockUnit> units() {
    return units;
  }

  BlockReads reads() {
    return reads;
  }

  /** A capture is over. */
  void ended() {
    placements.release();
  }

  /** Nothing begins any more; what captures under way need is freed with the last of them. */
  @Override
  public void close() {
    placements.close();
  }
}
