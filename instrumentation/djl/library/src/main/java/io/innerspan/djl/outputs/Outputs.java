package io.innerspan.djl.outputs;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import io.innerspan.signals.HookPoint;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a model gave, by the names that signals have for it. */
final class Outputs {
  /** By its own name, by {@code output/k}, or the only one. */
  static @Nullable NDArray find(NDList outputs, HookPoint hookPoint) {
    String name = hookPoint.name();
    String own = name.startsWith("output/") ? name.substring("output/".length()) : name;
    for (NDArray output : outputs) {
      if (own.equals(output.getName()) || name.equals(output.getName())) {
        return output;
      }
    }
    int position = own.matches("\\d{1,4}") ? Integer.parseInt(own) : own.equals("output") ? 0 : -1;
    if (position >= 0) {
      return position < outputs.size() ? outputs.get(position) : null;
    }
    return outputs.size() == 1 && outputs.get(0).getName() == null ? outputs.get(0) : null;
  }

  /** So many rows of an output, which lie one after another. */
  static float[][] rows(NDArray output, int count, OutputForm form) {
    float[] flat = form == OutputForm.FLAT ? bufferedFloats(output) : floats(output);
    int answers = flat.length / count;
    float[][] rows = new float[count][];
    for (int row = 0; row < count; row++) {
      rows[row] = Arrays.copyOfRange(flat, row * answers, (row + 1) * answers);
    }
    return rows;
  }

  private static float[] floats(NDArray output) {
    if (output.getDataType() == DataType.FLOAT32) {
      return output.toFloatArray();
    }
    if (output.getDataType() == DataType.FLOAT64) {
      return narrow(output.toDoubleArray());
    }
    try (NDArray converted = output.toType(DataType.FLOAT32, true)) {
      return converted.toFloatArray();
    }
  }

  /**
   * Of 32-bit or 64-bit floats. The only way that arrays have which were compiled for a DJL before
   * 0.28, as those of LightGBM: from then on {@code toFloatArray} calls a method that they lack.
   */
  private static float[] bufferedFloats(NDArray output) {
    if (output.getDataType() == DataType.FLOAT64) {
      DoubleBuffer buffer = output.toByteBuffer().asDoubleBuffer();
      double[] wide = new double[buffer.remaining()];
      buffer.get(wide);
      return narrow(wide);
    }
    FloatBuffer buffer = output.toByteBuffer().asFloatBuffer();
    float[] floats = new float[buffer.remaining()];
    buffer.get(floats);
    return floats;
  }

  private static float[] narrow(double[] wide) {
    float[] narrow = new float[wide.length];
    for (int i = 0; i < wide.length; i++) {
      narrow[i] = (float) wide[i];
    }
    return narrow;
  }

  private Outputs() {}
}
