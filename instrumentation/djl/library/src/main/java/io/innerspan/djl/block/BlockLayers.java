package io.innerspan.djl.block;

import ai.djl.nn.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names that TransformerLens has for what a model's layers give. Layers are the longest run of
 * neighbours of one class that hold blocks themselves; of equally long ones, the outer.
 */
final class BlockLayers {
  private static final Pattern NAME =
      Pattern.compile("blocks\\.(\\d{1,4})\\.hook_(normalized_)?resid_(pre|post)");

  private static final String NORMS = "ai.djl.nn.norm.";

  private final List<BlockNode> layers;

  BlockLayers(BlockNode root) {
    layers = longest(root);
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  int count() {
    return layers.size();
  }

  /** The block whose output is at a place, or null. */
  @Nullable BlockNode find(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return null;
    }
    boolean normalized = matcher.group(2) != null;
    boolean before = matcher.group(3).equals("pre");
    int layer = Integer.parseInt(matcher.group(1)) - (before ? 1 : 0);
    if (layer < 0 || layer >= layers.size() || (normalized && before)) {
      return null;
    }
    BlockNode node = layers.get(layer);
    return before || normalized == endsInNorm(node) ? node : null;
  }

  private static List<BlockNode> longest(BlockNode parent) {
    List<BlockNode> best = List.of();
    List<BlockNode> run = new ArrayList<>();
    for (BlockNode child : parent.children().values()) {
      if (!run.isEmpty() && type(run.get(0)) != type(child)) {
        run = new ArrayList<>();
      }
      run.add(child);
      if (!child.children().isEmpty() && run.size() > best.size()) {
        best = List.copyOf(run);
      }
    }
    for (BlockNode child : parent.children().values()) {
      List<BlockNode> inner = longest(child);
      best = inner.size() > best.size() ? inner : best;
    }
    return best;
  }

  private static @Nullable Class<?> type(BlockNode node) {
    Block block = node.block();
    return block == null ? null : block.getClass();
  }

  /** Whether the last block that a layer declares normalises, as in DJL's own layers. */
  private static boolean endsInNorm(BlockNode layer) {
    BlockNode last = null;
    for (BlockNode child : layer.children().values()) {
      last = child;
    }
    Class<?> type = last == null ? null : type(last);
    return type != null && type.getName().startsWith(NORMS);
  }
}
