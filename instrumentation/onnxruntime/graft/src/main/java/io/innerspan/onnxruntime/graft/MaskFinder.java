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

  /** With cached keys and values the mask spans more tokens than the activations do. */
  private static final Pattern CACHE =
      Pattern.compile("(past_key|past_value|past\\.|past_|cache_).*", Pattern.CASE_INSENSITIVE);

  private MaskFinder() {}

  /** The mask's name, or null when no input or more than one looks like it. */
  static @Nullable String find(List<TensorInfo> inputs) {
    String found = null;
    for (TensorInfo input : inputs) {
      boolean matches =
          NAME.matcher(input.name()).matches() && !OTHER.matcher(input.name()).matches();
      if (matches && input.type().canMask() && input.rank() == 2) {
        if (found != null) {
          return null;
        }
        found = input.name();
      }
    }
    return found;
  }

  /** Whether the model takes cached keys and values as inputs. */
  static boolean hasCache(List<TensorInfo> inputs) {
    return inputs.stream().anyMatch(input -> CACHE.matcher(input.name()).matches());
  }
}
