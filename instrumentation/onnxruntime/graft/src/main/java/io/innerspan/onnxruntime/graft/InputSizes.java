package io.innerspan.onnxruntime.graft;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the sizes of a model's inputs mean, so that inputs can be made up that belong together: a
 * mask that spans cached tokens, for example, is as long as the cache and the new tokens together.
 * By what the model's structure tells, and by the names it gives to dimensions.
 */
public final class InputSizes {
  /** Rows. */
  public static final String BATCH = "batch";

  /** New tokens of a row. */
  public static final String TOKENS = "tokens";

  /** Cached tokens of a row. */
  public static final String PAST = "past";

  /** Tokens of another graph that this one attends to. */
  public static final String MEMORY = "memory";

  private final OnnxModel model;
  private final Map<String, String> bySymbol = new HashMap<>();
  private final String total;
  private final boolean ids;

  private InputSizes(OnnxModel model) {
    this.model = model;
    this.total = model.cache() == null ? tokens() : PAST + "+" + tokens();
    this.ids = model.inputs().stream().anyMatch(this::isIds);
    KvCache cache = model.cache();
    if (cache != null) {
      cache.pastInputs().forEach(past -> name(dimension(past, cache.lengthAxis()), PAST));
    }
    for (TensorInfo input : model.inputs()) {
      if (isIds(input)) {
        name(dimension(input, 1), TOKENS);
      }
    }
    for (TensorInfo mask : MaskFinder.all(model.inputs())) {
      name(dimension(mask, 1), length(mask));
    }
    for (TensorInfo input : model.inputs()) {
      if (isMemory(input)) {
        name(dimension(input, input.rank() - 2), MEMORY);
      }
    }
  }

  /**
   * The sizes of each input of known shape, by its name: a number, one of the constants above, or
   * the sum of two of these with a plus sign between them.
   */
  public static Map<String, List<String>> of(OnnxModel model) {
    InputSizes sizes = new InputSizes(model);
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (TensorInfo input : model.inputs()) {
      if (input.shape() != null) {
        all.put(input.name(), sizes.of(input));
      }
    }
    return all;
  }

  private List<String> of(TensorInfo input) {
    List<String> sizes = new ArrayList<>();
    for (int axis = 0; axis < input.rank(); axis++) {
      sizes.add(of(input, axis));
    }
    return sizes;
  }

  private String of(TensorInfo input, int axis) {
    Dimension dimension = dimension(input, axis);
    if (dimension != null && dimension.isFixed()) {
      return Long.toString(dimension.size());
    }
    String named = dimension == null ? null : bySymbol.get(dimension.symbol());
    if (named != null) {
      return named;
    }
    if (axis == 0) {
      return BATCH;
    }
    KvCache cache = model.cache();
    if (cache != null && cache.pastInputs().contains(input) && axis == cache.lengthAxis()) {
      return PAST;
    }
    if (axis == 1 && MaskFinder.all(model.inputs()).contains(input)) {
      return length(input);
    }
    return isMemory(input) && axis == input.rank() - 2 ? MEMORY : TOKENS;
  }

  private String length(TensorInfo mask) {
    return model.isMaskOfMemory(mask) ? MEMORY : total;
  }

  /** The new tokens, whose number the model may fix. */
  private String tokens() {
    for (TensorInfo input : model.inputs()) {
      Dimension second = dimension(input, 1);
      if (isIds(input) && second != null && second.isFixed()) {
        return Long.toString(second.size());
      }
    }
    return TOKENS;
  }

  /** Without ids of its own, a graph may take what looks like another's output as its input. */
  private boolean isMemory(TensorInfo input) {
    return ids && model.isMemory(input);
  }

  private boolean isIds(TensorInfo input) {
    return input.type().isInteger()
        && input.rank() == 2
        && !MaskFinder.all(model.inputs()).contains(input);
  }

  private void name(@Nullable Dimension dimension, String meaning) {
    if (dimension != null && dimension.symbol() != null) {
      bySymbol.putIfAbsent(dimension.symbol(), meaning);
    }
  }

  private static @Nullable Dimension dimension(TensorInfo input, int axis) {
    return input.shape() == null || axis < 0 || axis >= input.rank()
        ? null
        : input.shape().get(axis);
  }
}
