package io.innerspan.djl.block;

import ai.djl.nn.Block;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where in a model the thread is. A child that its parent does not declare has the name of its
 * class after {@code ~}, the second of a class a 2 after that, and so on.
 */
final class BlockPath {
  /** A block that runs; its place is null where nothing is known or read. */
  private static final class Frame {
    final @Nullable BlockNode node;
    final Map<String, Integer> undeclared = new HashMap<>(0);

    Frame(@Nullable BlockNode node) {
      this.node = node;
    }
  }

  private final BlockNode root;
  private final List<Frame> frames = new ArrayList<>();

  BlockPath(BlockNode root) {
    this.root = root;
  }

  void enter(Block block) {
    frames.add(new Frame(frames.isEmpty() ? start(block) : next(block)));
  }

  private @Nullable BlockNode start(Block block) {
    return block == root.block() ? root : null;
  }

  private @Nullable BlockNode next(Block block) {
    Frame parent = frames.get(frames.size() - 1);
    if (parent.node == null) {
      return null;
    }
    BlockNode child = parent.node.child(block);
    if (child != null || !parent.node.hasUndeclared()) {
      return child;
    }
    String name = "~" + block.getClass().getSimpleName();
    int number = parent.undeclared.merge(name, 1, Integer::sum);
    return parent.node.undeclared(number == 1 ? name : name + number);
  }

  /** The place that is left, or null. */
  @Nullable BlockNode leave() {
    return frames.isEmpty() ? null : frames.remove(frames.size() - 1).node;
  }
}
