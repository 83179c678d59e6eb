package io.innerspan.djl.block;

import io.innerspan.djl.Gating;
import io.innerspan.djl.SignalRefusal;
import io.innerspan.djl.SignalRefusal.Reason;
import io.innerspan.djl.maths.SignalMaths;
import io.innerspan.djl.maths.SignalNeeds;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds hook points in a tree of blocks: by path or by TransformerLens' names, and outputs. */
final class BlockSites {
  private static final String OUTPUT = "output";

  private final BlockNode root;
  private final BlockLayers layers;
  private int taps;

  BlockSites(BlockNode root) {
    this.root = root;
    this.layers = new BlockLayers(root);
  }

  /** Why a signal cannot be read, or null. */
  @Nullable SignalRefusal refusal(Signal signal) {
    for (HookPoint hookPoint : signal.hookPoints()) {
      if (site(signal, hookPoint) == null) {
        return new SignalRefusal(Reason.NO_HOOK_POINT, hookPoint + ": " + expected(hookPoint));
      }
    }
    return null;
  }

  /** What was looked for where no place was found. */
  String expected(HookPoint hookPoint) {
    if (BlockLayers.isName(hookPoint.name())) {
      return "expected a place after one of " + layers.count() + " layers, found none";
    }
    return root.children().isEmpty()
        ? "the model's block shows no parts: only outputs can be read"
        : "no such block; the root has " + String.join(", ", root.children().keySet());
  }

  private @Nullable BlockSite site(Signal signal, HookPoint hookPoint) {
    BlockSite site = site(hookPoint);
    String name = hookPoint.name();
    return site == null && signal instanceof OutputConfidence && !BlockLayers.isName(name)
        ? BlockSite.output(name)
        : site;
  }

  /** A block, which is tapped from now on, or one of the outputs; null when there is none. */
  @Nullable BlockSite site(HookPoint hookPoint) {
    String name = hookPoint.name();
    BlockNode node = BlockLayers.isName(name) ? layers.find(name) : root.find(name);
    if (node != null) {
      if (node.tap() < 0) {
        node.tapAs(taps++);
      }
      return BlockSite.tap(node.tap());
    }
    if (name.equals(OUTPUT)) {
      return BlockSite.output("0");
    }
    return name.startsWith(OUTPUT + "/")
        ? BlockSite.output(name.substring(OUTPUT.length() + 1))
        : null;
  }

  private record Key(
      List<BlockSite> sites,
      TokenSelection tokens,
      int gate,
      int width,
      boolean sums,
      String alone) {}

  /** Signals that can be read, those together that can share their work. */
  List<BlockUnit> units(List<Signal> signals, Gating gating) {
    Map<Key, List<Signal>> groups = new LinkedHashMap<>();
    for (Signal signal : signals) {
      List<BlockSite> read = new ArrayList<>();
      for (HookPoint hookPoint : signal.hookPoints()) {
        BlockSite site = site(signal, hookPoint);
        if (site != null) {
          read.add(site);
        }
      }
      String alone = SignalNeeds.isAlone(signal) ? signal.id() : "";
      Key key =
          new Key(
              read,
              signal.tokens(),
              gating.of(signal),
              SignalNeeds.width(signal),
              EngineSums.mayGive(signal),
              alone);
      groups.computeIfAbsent(key, any -> new ArrayList<>()).add(signal);
    }
    List<BlockUnit> units = new ArrayList<>();
    groups.forEach(
        (key, some) ->
            units.add(new BlockUnit(SignalMaths.ordered(some), key.sites(), key.gate())));
    return units;
  }
}
