package io.innerspan.workbench.model;

import ai.onnxruntime.OrtException;
import io.innerspan.onnxruntime.graft.ElementType;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.TensorInfo;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A classifier head in ONNX that is linear, by what it gives for the zero vector and the unit
 * vectors, however its graph computes that. Two outputs c are the logit c₁ − c₀, or c₁ where c₀ is
 * −c₁ as in scikit-learn's raw scores.
 *
 * @param weight by dimension
 * @param bias the offset
 */
@SuppressWarnings("ArrayRecordComponent")
public record OnnxHead(double[] weight, double bias) {
  private static final int MOST_WIDTH = 1 << 14;
  private static final int UNITS_AT_ONCE = 256;
  private static final int TRIALS = 8;
  private static final double TOLERANCE = 1e-4;

  /**
   * Reads a head.
   *
   * @throws BadInput when it has other inputs or outputs, or is not linear
   */
  public static OnnxHead read(Path file) {
    InputFile.existing(file);
    try {
      OnnxModel structure = OnnxModel.scan(file);
      TensorInfo input = input(file, structure);
      TensorInfo output = output(file, structure);
      try (OrtModel model = new OrtModel(Files.readAllBytes(file), new byte[0])) {
        return new Reader(file, model, input, output).read();
      }
    } catch (ModelRefusedException e) {
      throw BadInput.in(file, "an ONNX model", e.reason());
    } catch (IOException e) {
      throw BadInput.in(file, "a readable file", String.valueOf(e));
    } catch (OrtException e) {
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw BadInput.in(file, "a model that ONNX Runtime runs", message);
    }
  }

  private static TensorInfo input(Path file, OnnxModel model) {
    List<TensorInfo> inputs = model.inputs();
    TensorInfo input = inputs.get(0);
    if (inputs.size() != 1
        || input.type() != ElementType.FLOAT
        || input.rank() != 2
        || input.width() < 1
        || input.width() > MOST_WIDTH) {
      throw BadInput.in(file, "one input, float [n, width]", inputs.toString());
    }
    return input;
  }

  private static TensorInfo output(Path file, OnnxModel model) {
    return model.outputs().stream()
        .filter(output -> output.type() == ElementType.FLOAT)
        .findFirst()
        .orElseThrow(() -> BadInput.in(file, "an output of floats", model.outputs().toString()));
  }

  private record Reader(Path file, OrtModel model, TensorInfo input, TensorInfo output) {
    OnnxHead read() throws OrtException {
      int width = (int) input.width();
      double bias = logits(new float[width], 1, width)[0];
      double[] weight = new double[width];
      for (int from = 0; from < width; from += UNITS_AT_ONCE) {
        int rows = Math.min(UNITS_AT_ONCE, width - from);
        float[] units = new float[rows * width];
        for (int row = 0; row < rows; row++) {
          units[row * width + from + row] = 1;
        }
        double[] logits = logits(units, rows, width);
        for (int row = 0; row < rows; row++) {
          weight[from + row] = logits[row] - bias;
        }
      }
      OnnxHead head = new OnnxHead(weight, bias);
      check(head, width);
      return head;
    }

    private void check(OnnxHead head, int width) throws OrtException {
      Random random = new Random(1);
      float[] rows = new float[TRIALS * width];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = (float) (3 * random.nextGaussian());
      }
      double[] logits = logits(rows, TRIALS, width);
      for (int row = 0; row < TRIALS; row++) {
        double linear = head.bias;
        double size = 1;
        for (int d = 0; d < width; d++) {
          double term = head.weight[d] * rows[row * width + d];
          linear += term;
          size += Math.abs(term);
        }
        if (!(Math.abs(linear - logits[row]) <= TOLERANCE * size)) {
          throw BadInput.in(
              file,
              "a linear head that gives raw logits (not probabilities)",
              "logit " + logits[row] + " where its unit vectors add up to " + linear);
        }
      }
    }

    private double[] logits(float[] rows, int count, int width) throws OrtException {
      Tensor tensor = Tensor.ofFloats(rows, count, width);
      float[] values = model.run(Map.of(input.name(), tensor), List.of(output.name())).get(0);
      int columns = values.length / count;
      if (values.length % count != 0 || columns < 1 || columns > 2) {
        throw BadInput.in(file, "one or two outputs per row", values.length + " of " + count);
      }
      double[] logits = new double[count];
      for (int row = 0; row < count; row++) {
        double last = values[row * columns + columns - 1];
        double first = columns == 2 ? values[row * columns] : 0;
        logits[row] = columns == 2 && first != -last ? last - first : last;
      }
      return logits;
    }
  }
}
