package io.innerspan.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an activation is read: what a block gives, or one of the model's outputs.
 *
 * @param tap the number of a tapped block, or -1
 * @param output the name of an output, or empty: {@code 0} is the first
 */
record BlockSite(int tap, String output) {
  private static final Pattern POSITION = Pattern.compile("\\d{1,4}");

  static BlockSite tap(int number) {
    return new BlockSite(number, "");
  }

  static BlockSite output(String name) {
    return new BlockSite(-1, name);
  }

  /** An output by its name, else by its position, or null. */
  static @Nullable NDArray find(String name, NDList outputs) {
    for (NDArray output : outputs) {
      if (name.equals(output.getName())) {
        return output;
      }
    }
    if (!POSITION.matcher(name).matches()) {
      // A single output without a name has any.
      return outputs.size() == 1 && outputs.get(0).getName() == null ? outputs.get(0) : null;
    }
    int position = Integer.parseInt(name);
    return position < outputs.size() ? outputs.get(position) : null;
  }

  boolean isOutput() {
    return tap < 0;
  }
}
