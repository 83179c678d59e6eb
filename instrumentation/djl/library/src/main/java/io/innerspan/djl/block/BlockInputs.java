package io.innerspan.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which of a model's inputs tells real tokens from padding, and which holds their ids: by the names
 * that arrays have, else by those that the block declares.
 */
final class BlockInputs {
  private static final Pattern MASK =
      Pattern.compile(
          "(.*[^a-z])?(masks?|(attention|attn|input|padding|valid)_?masks?)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern IDS =
      Pattern.compile(
          "(.*[^a-z])?(input_?ids|token_?ids|input_?tokens|tokens|ids|data)",
          Pattern.CASE_INSENSITIVE);

  private static final int TOKENS = 2;

  private final List<String> names;

  /** Which of the names that the block declares are those of masks. */
  private final boolean[] masks;

  private final boolean[] ids;

  private BlockInputs(List<String> names) {
    this.names = List.copyOf(names);
    this.masks = matching(MASK);
    this.ids = matching(IDS);
  }

  private boolean[] matching(Pattern pattern) {
    boolean[] matching = new boolean[names.size()];
    for (int i = 0; i < matching.length; i++) {
      matching[i] = pattern.matcher(names.get(i)).matches();
    }
    return matching;
  }

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

  /** The only one of some names that is that of token ids, or null. */
  static @Nullable String onlyIds(List<String> names) {
    return only(IDS, names);
  }

  /** The only one of some names that is that of a mask, or null. */
  static @Nullable String onlyMask(List<String> names) {
    return only(MASK, names);
  }

  private static @Nullable String only(Pattern pattern, List<String> names) {
    List<String> matching = names.stream().filter(name -> pattern.matcher(name).matches()).toList();
    return matching.size() == 1 ? matching.get(0) : null;
  }

  /** The names that the block declares, in order; may be empty. */
  List<String> names() {
    return names;
  }

  /** The tokens of an inference; null when they are not known. */
  @Nullable BlockTokens tokens(NDList inputs, NDManager manager) {
    NDArray mask = find(inputs, MASK, masks);
    if (mask != null) {
      return mask.getShape().dimension() == TOKENS ? new BlockTokens(mask, 0, manager) : null;
    }
    NDArray first = inputs.get(0);
    // Without tokens to tell apart every position is real.
    return first.getDataType().isInteger() || first.getShape().dimension() == 0
        ? null
        : new BlockTokens(null, first.getShape().get(0), manager);
  }

  /** The ids of tokens, whole numbers {@code [batch, tokens]}, or null. */
  @Nullable NDArray ids(NDList inputs) {
    NDArray found = find(inputs, IDS, ids);
    return found != null
            && found.getShape().dimension() == TOKENS
            && found.getDataType() != DataType.BOOLEAN
        ? found
        : null;
  }

  private static @Nullable NDArray find(NDList inputs, Pattern pattern, boolean[] declared) {
    NDArray found = null;
    for (int i = 0; i < inputs.size(); i++) {
      String own = inputs.get(i).getName();
      boolean matches =
          own == null ? i < declared.length && declared[i] : pattern.matcher(own).matches();
      if (matches) {
        if (found != null) {
          return null;
        }
        found = inputs.get(i);
      }
    }
    return found;
  }
}
