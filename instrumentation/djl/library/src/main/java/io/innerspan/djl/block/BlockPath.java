package io.innerspan.djl.block;

import ai.djl.nn.Block;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where in a model the thread is. A child that its parent does not declare has the name of its
 * class after {@code ~}, the second of a class a 2 after that, and so on.
 */
final class BlockPath {
  private static final int USUAL_DEPTH = 8;

  private final BlockNode root;

  /** The blocks that run; null where nothing is known or read. */
  private @Nullable BlockNode[] nodes = new BlockNode[USUAL_DEPTH];

  /** How many undeclared children of a class each of them has called; made when one has. */
  private @Nullable Map<String, Integer>[] undeclared = maps(USUAL_DEPTH);

  private int depth;

  BlockPath(BlockNode root) {
    this.root = root;
  }

  @SuppressWarnings({"rawtypes", "unchecked"})
  private static @Nullable Map<String, Integer>[] maps(int size) {
    return new Map[size];
  }

  void enter(Block block) {
    BlockNode node = depth == 0 ? start(block) : next(block);
    if (depth == nodes.length) {
      nodes = Arrays.copyOf(nodes, 2 * depth);
      undeclared = Arrays.copyOf(undeclared, 2 * depth);
    }
    nodes[depth++] = node;
  }

  private @Nullable BlockNode start(Block block) {
    return block == root.block() ? root : null;
  }

  private @Nullable BlockNode next(Block block) {
    BlockNode parent = nodes[depth - 1];
    if (parent == null) {
      return null;
    }
    BlockNode child = parent.child(block);
    if (child != null || !parent.hasUndeclared()) {
      return child;
    }
    Map<String, Integer> called = undeclared[depth - 1];
    if (called == null) {
      called = new HashMap<>();
      undeclared[depth - 1] = called;
    }
    String name = "~" + block.getClass().getSimpleName();
    int number = called.merge(name, 1, Integer::sum);
    return parent.undeclared(number == 1 ? name : name + number);
  }

  /** The place that is left, or null. */
  @Nullable BlockNode leave() {
    if (depth == 0) {
      return null;
    }
    BlockNode left = nodes[--depth];
    nodes[depth] = null;
    undeclared[depth] = null;
    return left;
  }
}
