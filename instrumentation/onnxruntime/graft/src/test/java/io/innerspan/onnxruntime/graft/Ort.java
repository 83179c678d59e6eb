package io.innerspan.onnxruntime.graft;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs models through the real ONNX Runtime. */
final class Ort {
  private Ort() {}

  /** An output's elements as floats, row-major, with its dimensions. */
  @SuppressWarnings("ArrayRecordComponent")
  record Output(float[] values, long[] shape) {
    /** How many elements are not the same, bit by bit. */
    int differentBits(Output other) {
      if (!Arrays.equals(shape, other.shape)) {
        throw new AssertionError(Arrays.toString(shape) + " and " + Arrays.toString(other.shape));
      }
      int different = 0;
      for (int i = 0; i < values.length; i++) {
        boolean same =
            Float.floatToRawIntBits(values[i]) == Float.floatToRawIntBits(other.values[i]);
        different += same ? 0 : 1;
      }
      return different;
    }

    /**
     * One row of a {@code [batch, tokens, width]} output, or of {@code [batch, width]} as one
     * token.
     */
    float[][] row(int row) {
      int tokens = shape.length == 3 ? (int) shape[1] : 1;
      int width = (int) shape[shape.length - 1];
      float[][] result = new float[tokens][];
      for (int token = 0; token < tokens; token++) {
        int from = (row * tokens + token) * width;
        result[token] = Arrays.copyOfRange(values, from, from + width);
      }
      return result;
    }

    /** One row of a {@code [batch, n, rows, columns]} output. */
    float[][][] matrices(int row) {
      int rows = (int) shape[2];
      int columns = (int) shape[3];
      float[][][] result = new float[(int) shape[1]][rows][];
      for (int n = 0; n < result.length; n++) {
        for (int r = 0; r < rows; r++) {
          int from = ((row * result.length + n) * rows + r) * columns;
          result[n][r] = Arrays.copyOfRange(values, from, from + columns);
        }
      }
      return result;
    }
  }

  /** The outputs of a run in the model's order. */
  record Outputs(Map<String, Output> byName) {
    Output get(String name) {
      Output output = byName.get(name);
      if (output == null) {
        throw new AssertionError("expected the output " + name + ", found " + byName.keySet());
      }
      return output;
    }
  }

  static Outputs run(byte[] model, Map<String, OnnxTensor> feeds) throws OrtException {
    return run(model, List.of(feeds)).get(0);
  }

  /** Runs a model on several inputs. */
  static List<Outputs> run(byte[] model, List<Map<String, OnnxTensor>> batches)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = environment.createSession(model, options)) {
        List<Outputs> results = new ArrayList<>();
        for (Map<String, OnnxTensor> feeds : batches) {
          try (OrtSession.Result result = session.run(feeds)) {
            results.add(outputs(result));
          }
        }
        return results;
      }
    }
  }

  private static Outputs outputs(OrtSession.Result result) throws OrtException {
    Map<String, Output> outputs = new LinkedHashMap<>();
    for (Map.Entry<String, OnnxValue> entry : result) {
      OnnxTensor tensor = (OnnxTensor) entry.getValue();
      FloatBuffer buffer = tensor.getFloatBuffer();
      float[] values = new float[buffer.remaining()];
      buffer.get(values);
      outputs.put(entry.getKey(), new Output(values, tensor.getInfo().getShape()));
    }
    return new Outputs(outputs);
  }

  static List<String> outputNames(byte[] model) throws OrtException {
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model)) {
      return session.getOutputInfo().values().stream().map(NodeInfo::getName).toList();
    }
  }

  static byte[] concat(byte[] model, byte[] overlay) {
    byte[] result = Arrays.copyOf(model, model.length + overlay.length);
    System.arraycopy(overlay, 0, result, model.length, overlay.length);
    return result;
  }
}
