package io.innerspan.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which of a model's inputs tells real tokens from padding, and which holds their ids: by the names
 * that arrays have, else by those that the block declares.
 *
 * @param names that the block declares, in order; may be empty
 */
record BlockInputs(List<String> names) {
  private static final Pattern MASK =
      Pattern.compile(
          "(.*[^a-z])?(masks?|(attention|attn|input|padding|valid)_?masks?)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern IDS =
      Pattern.compile(
          "(.*[^a-z])?(input_?ids|token_?ids|input_?tokens|tokens|ids|data)",
          Pattern.CASE_INSENSITIVE);

  private static final int TOKENS = 2;

  static BlockInputs of(Block root) {
    if (root.getChildren().isEmpty() || !root.isInitialized()) {
      return new BlockInputs(List.of());
    }
    try {
      return new BlockInputs(
          root.describeInput().keys().stream().map(name -> name == null ? "" : name).toList());
    } catch (RuntimeException e) {
      // A block that was loaded may have shapes without names.
      return new BlockInputs(List.of());
    }
  }

  BlockInputs {
    names = List.copyOf(names);
  }

  /** Whether an input tells real tokens from padding. */
  boolean isMasked(NDList inputs) {
    return find(inputs, MASK) != null;
  }

  /** The real tokens, boolean {@code [batch, tokens]}; null when they are not known. */
  @Nullable NDArray real(NDList inputs, NDManager manager) {
    NDArray mask = find(inputs, MASK);
    NDArray real;
    if (mask != null && mask.getShape().dimension() == TOKENS) {
      real = mask.neq(0);
    } else if (mask == null && !inputs.get(0).getDataType().isInteger()) {
      Shape shape = inputs.get(0).getShape();
      // Without tokens to tell apart every position is real.
      real = shape.dimension() == 0 ? null : manager.ones(new Shape(shape.get(0), 1)).neq(0);
    } else {
      real = null;
    }
    if (real != null) {
      real.attach(manager);
    }
    return real;
  }

  /** The ids of tokens, whole numbers {@code [batch, tokens]}, or null. */
  @Nullable NDArray ids(NDList inputs) {
    NDArray ids = find(inputs, IDS);
    return ids != null
            && ids.getShape().dimension() == TOKENS
            && ids.getDataType() != DataType.BOOLEAN
        ? ids
        : null;
  }

  private @Nullable NDArray find(NDList inputs, Pattern pattern) {
    NDArray found = null;
    for (int i = 0; i < inputs.size(); i++) {
      String own = inputs.get(i).getName();
      String name = own != null ? own : i < names.size() ? names.get(i) : "";
      if (pattern.matcher(name).matches()) {
        if (found != null) {
          return null;
        }
        found = inputs.get(i);
      }
    }
    return found;
  }
}
