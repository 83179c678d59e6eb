package io.innerspan.onnxruntime.graft;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the input that holds token ids, by its name, type and rank: integers {@code [batch,
 * tokens]}.
 */
final class IdsFinder {
  private static final Pattern NAME =
      Pattern.compile(
          "(.*[^a-z])?(input_?ids|token_?ids|input_?tokens|tokens|ids)(:\\d+)?",
          Pattern.CASE_INSENSITIVE);

  /** Integers per token that are something else. */
  private static final Pattern OTHER =
      Pattern.compile(".*(type|segment|position|label|lang).*", Pattern.CASE_INSENSITIVE);

  private IdsFinder() {}

  /** The input, or null when no input or more than one looks like it. */
  static @Nullable TensorInfo find(List<TensorInfo> inputs) {
    List<TensorInfo> found = inputs.stream().filter(IdsFinder::holdsIds).toList();
    return found.size() == 1 ? found.get(0) : null;
  }

  private static boolean holdsIds(TensorInfo input) {
    return (input.type() == ElementType.INT64 || input.type() == ElementType.INT32)
        && input.rank() == 2
        && NAME.matcher(input.name()).matches()
        && !OTHER.matcher(input.name()).matches();
  }
}
