package io.innerspan.djl.torchscript;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Collects the weights of all signals in one vector, which the capture method gets at each call.
 */
final class ScriptWeights {
  private final Map<FloatBuffer, Integer> starts = new HashMap<>();
  private float[] all = new float[1024];
  private int size;

  /** The expression of a view of some weights, which are added unless they are there. */
  String view(float[] values, long... shape) {
    int start = starts.computeIfAbsent(FloatBuffer.wrap(values.clone()), any -> add(values));
    String dims =
        Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", ", "[", "]"));
    String some =
        "torch.slice("
            + ScriptNames.WEIGHTS
            + ", 0, "
            + start
            + ", "
            + (start + values.length)
            + ")";
    return shape.length == 1 ? some : "torch.view(" + some + ", " + dims + ")";
  }

  private int add(float[] values) {
    int start = size;
    size = Math.addExact(size, values.length);
    if (size > all.length) {
      all = Arrays.copyOf(all, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * size));
    }
    System.arraycopy(values, 0, all, start, values.length);
    return start;
  }

  /** All weights, at least one number. */
  float[] toArray() {
    return Arrays.copyOf(all, Math.max(1, size));
  }
}
