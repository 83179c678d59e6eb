package io.innerspan.onnxruntime.graft;

import java.util.List;

/**
 * The keys and values of earlier tokens that a decoder takes as inputs. A run with no earlier
 * tokens begins a text; any other goes on with one.
 *
 * @param pastInputs the inputs of earlier keys and values, at least one
 * @param lengthAxis the dimension of these inputs that counts the earlier tokens; 0 of them in the
 *     first run of a text
 */
public record KvCache(List<TensorInfo> pastInputs, int lengthAxis) {
  public KvCache {
    pastInputs = List.copyOf(pastInputs);
    if (pastInputs.isEmpty()) {
      throw new IllegalArgumentException("pastInputs: expected at least one, found none");
    }
  }
}
