package io.innerspan.onnxruntime.graft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Layers on one residual stream: most models have one, encoder–decoders two.
 *
 * @param layers at least one, in order
 * @param finalNorm the normalisation after the last layer of a pre-LN model, or null
 * @param attends whether it reads another stream by cross-attention
 */
record Stack(List<Layer> layers, @Nullable String finalNorm, boolean attends) {
  Stack {
    layers = List.copyOf(layers);
  }

  Layer first() {
    return layers.get(0);
  }

  Layer last() {
    return layers.get(layers.size() - 1);
  }
}
