package io.innerspan.workbench.packs;

import io.innerspan.signals.safetensors.SafetensorsFile;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The safetensors form of a scikit-learn export: {@code weight [1, width]} and {@code bias [1]},
 * the scaler folded in, and optionally {@code golden.x [n, width]} with {@code golden.logit [n]};
 * the metadata may say {@code hook_point} and {@code pooling}.
 */
final class SklearnTensors {
  private static final Set<String> NAMES = Set.of("weight", "bias", "golden.x", "golden.logit");

  static Direction read(Path file) {
    SafetensorsFile read = SafetensorsInput.read(file);
    Set<String> unknown = new TreeSet<>(read.tensors().keySet());
    unknown.removeAll(NAMES);
    if (!unknown.isEmpty()) {
      throw BadInput.in(file, "the tensors " + new TreeSet<>(NAMES), "also " + unknown);
    }
    Tensor weight = read.tensors().get("weight");
    Tensor bias = read.tensors().get("bias");
    if (weight == null || bias == null) {
      throw BadInput.in(
          file, "the tensors weight [1, width] and bias [1]", "" + read.tensors().keySet());
    }
    boolean row = weight.rank() == 1 || (weight.rank() == 2 && weight.dim(0) == 1);
    if (!row || bias.elements() != 1) {
      throw BadInput.in(file, "weight [1, width] and bias [1]", weight + " and " + bias);
    }
    double[] values = numbers(file, "weight", weight);
    return new Direction(
        "",
        read.metadata().get("hook_point"),
        read.metadata().get("pooling"),
        values,
        numbers(file, "bias", bias)[0],
        rows(file, read.tensors().get("golden.x"), values.length),
        logits(file, read.tensors().get("golden.logit")));
  }

  private static double[][] rows(Path file, @Nullable Tensor x, int width) {
    if (x == null) {
      return new double[0][];
    }
    if (x.rank() != 2 || x.dim(1) != width) {
      throw BadInput.in(file, "golden.x [n, " + width + "]", "" + x);
    }
    double[] flat = numbers(file, "golden.x", x);
    double[][] rows = new double[flat.length / width][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
    }
    return rows;
  }

  private static double[] logits(Path file, @Nullable Tensor logit) {
    return logit == null ? new double[0] : numbers(file, "golden.logit", logit);
  }

  private static double[] numbers(Path file, String name, Tensor tensor) {
    if (!tensor.dtype().isFloat()) {
      throw BadInput.in(file, "'" + name + "' of floats", "" + tensor);
    }
    float[] floats = tensor.toFloats();
    double[] numbers = new double[floats.length];
    for (int i = 0; i < numbers.length; i++) {
      if (!Float.isFinite(floats[i])) {
        throw BadInput.in(file, "'" + name + "' of finite numbers", floats[i] + " at " + i);
      }
      numbers[i] = floats[i];
    }
    return numbers;
  }

  private SklearnTensors() {}
}
