package io.innerspan.djl.block;

import ai.djl.nn.Block;
import ai.djl.util.Pair;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A block's place in a model. */
final class BlockNode {
  private static final int NOT_TAPPED = -1;

  private final String path;
  private final @Nullable Block block;
  private final Map<Block, BlockNode> byBlock = new IdentityHashMap<>();
  private final Map<String, BlockNode> byName = new LinkedHashMap<>();
  private final Map<String, BlockNode> undeclared = new HashMap<>();
  private int tap = NOT_TAPPED;

  private BlockNode(String path, @Nullable Block block) {
    this.path = path;
    this.block = block;
  }

  /** The places of a model's blocks; a block that holds itself is entered once. */
  static BlockNode tree(Block root) {
    BlockNode node = new BlockNode("", root);
    Map<Block, Boolean> above = new IdentityHashMap<>();
    above.put(root, true);
    node.addChildren(root, above);
    return node;
  }

  private void addChildren(Block parent, Map<Block, Boolean> above) {
    for (Pair<String, Block> child : parent.getChildren()) {
      Block block = child.getValue();
      BlockNode node = new BlockNode(join(child.getKey()), block);
      byName.put(child.getKey(), node);
      byBlock.putIfAbsent(block, node);
      if (above.put(block, true) == null) {
        node.addChildren(block, above);
        above.remove(block);
      }
    }
  }

  private String join(String name) {
    return path.isEmpty() ? name : path + "/" + name;
  }

  /** From the root, such as {@code 01encoder/02linear}; empty for the root itself. */
  String path() {
    return path;
  }

  @Nullable Block block() {
    return block;
  }

  /** The declared children by name, in order. */
  Map<String, BlockNode> children() {
    return byName;
  }

  /** The place of a child that declares itself, or null. */
  @Nullable BlockNode child(Block child) {
    return byBlock.get(child);
  }

  /** Whether children that are not declared matter here. */
  boolean hasUndeclared() {
    return !undeclared.isEmpty();
  }

  /** The place of a child by the name of an undeclared one, or null. */
  @Nullable BlockNode undeclared(String name) {
    return undeclared.get(name);
  }

  /** The place at a path from here: a name with {@code ~} is one that no parent declares. */
  @Nullable BlockNode find(String relative) {
    BlockNode node = this;
    for (String name : relative.split("/", -1)) {
      if (node == null) {
        return null;
      }
      BlockNode parent = node;
      node =
          name.length() > 1 && name.charAt(0) == '~'
              ? parent.undeclared.computeIfAbsent(
                  name, any -> new BlockNode(parent.join(name), null))
              : parent.byName.get(name);
    }
    return node;
  }

  /** The number under which what this block gives is read, or -1. */
  int tap() {
    return tap;
  }

  void tapAs(int number) {
    tap = number;
  }

  @Override
  public String toString() {
    return path;
  }
}
