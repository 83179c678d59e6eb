package io.innerspan.workbench.packs;

import io.innerspan.signals.safetensors.SafetensorsFile;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Directions in a safetensors file, such as differences of means: each tensor {@code [width]} or
 * {@code [1, width]} is one. The metadata may say {@code hook_point} and {@code pooling}.
 */
final class VectorFile {
  static List<Direction> read(Path file) {
    SafetensorsFile read = SafetensorsInput.read(file);
    List<Direction> directions = new ArrayList<>();
    Map<String, Tensor> tensors = new TreeMap<>(read.tensors());
    tensors.forEach(
        (name, tensor) -> {
          boolean row = tensor.rank() == 1 || (tensor.rank() == 2 && tensor.dim(0) == 1);
          if (!tensor.dtype().isFloat() || !row || tensor.elements() < 2) {
            throw BadInput.in(file, "vectors [width]", "the tensor '" + name + "' " + tensor);
          }
          float[] values = tensor.toFloats();
          double[] weight = new double[values.length];
          for (int d = 0; d < weight.length; d++) {
            weight[d] = values[d];
          }
          directions.add(
              new Direction(
                  tensors.size() == 1 ? "" : name,
                  read.metadata().get("hook_point"),
                  read.metadata().get("pooling"),
                  weight,
                  0,
                  new double[0][],
                  new double[0]));
        });
    if (directions.isEmpty()) {
      throw BadInput.in(file, "at least one vector [width]", "none");
    }
    return directions;
  }

  private VectorFile() {}
}
