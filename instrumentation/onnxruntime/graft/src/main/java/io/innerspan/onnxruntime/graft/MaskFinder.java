package io.innerspan.onnxruntime.graft;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the input that tells real tokens from padding. */
final class MaskFinder {
  private static final Pattern NAME =
      Pattern.compile(
          "(.*[^a-z])?(attention|attn|input|padding)_?mask(:\\d+)?", Pattern.CASE_INSENSITIVE);

  /** Masks of something else than padding. */
  private static final Pattern OTHER =
      Pattern.compile(".*(global|cross|head|causal).*", Pattern.CASE_INSENSITIVE);

  private static final Pattern CACHE =
      Pattern.compile("(past_key|past_value|past\\.|past_|cache_).*", Pattern.CASE_INSENSITIVE);

  private MaskFinder() {}

  /** The mask's name, or null when no input or more than one looks like it. */
  static @Nullable String find(List<TensorInfo> inputs) {
    List<TensorInfo> masks = all(inputs);
    return masks.size() == 1 ? masks.get(0).name() : null;
  }

  /** The inputs that look like masks. */
  static List<TensorInfo> all(List<TensorInfo> inputs) {
    return inputs.stream().filter(MaskFinder::isMask).toList();
  }

  private static boolean isMask(TensorInfo input) {
    return NAME.matcher(input.name()).matches()
        && !OTHER.matcher(input.name()).matches()
        && input.type().canMask()
        && input.rank() == 2;
  }

  /** Whether the model takes cached keys and values as inputs. */
  static boolean hasCache(List<TensorInfo> inputs) {
    return inputs.stream().anyMatch(input -> CACHE.matcher(input.name()).matches());
  }
}
