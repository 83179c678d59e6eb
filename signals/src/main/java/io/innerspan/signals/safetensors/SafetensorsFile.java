package io.innerspan.signals.safetensors;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a safetensors file holds. Immutable.
 *
 * @param tensors the tensors by name, in the order of their bytes in the file
 * @param metadata the free text of {@code __metadata__}
 */
public record SafetensorsFile(Map<String, Tensor> tensors, Map<String, String> metadata) {
  public SafetensorsFile {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }
}
