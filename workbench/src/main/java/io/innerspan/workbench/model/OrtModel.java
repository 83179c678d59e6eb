package io.innerspan.workbench.model;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.innerspan.signals.safetensors.DType;
import io.innerspan.signals.safetensors.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * A plain ONNX Runtime session on a model with an overlay appended; one thread, so that results
 * repeat.
 */
final class OrtModel implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  OrtModel(byte[] model, byte[] overlay) throws OrtException {
    byte[] bytes = Arrays.copyOf(model, Math.addExact(model.length, overlay.length));
    System.arraycopy(overlay, 0, bytes, model.length, overlay.length);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = environment.createSession(bytes, options);
    }
  }

  /** Runs one batch and gives the values of float outputs, in the order asked for. */
  List<float[]> run(Map<String, Tensor> inputs, List<String> outputs) throws OrtException {
    Map<String, OnnxTensor> fed = new HashMap<>();
    try {
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        fed.put(input.getKey(), tensor(input.getValue()));
      }
      try (OrtSession.Result result = session.run(fed, new LinkedHashSet<>(outputs))) {
        return outputs.stream().map(name -> floats(result, name)).toList();
      }
    } finally {
      fed.values().forEach(OnnxTensor::close);
    }
  }

  /** Runs one batch and gives float outputs with their shapes, in the order asked for. */
  List<Tensor> tensors(Map<String, Tensor> inputs, List<String> outputs) throws OrtException {
    Map<String, OnnxTensor> fed = new HashMap<>();
    try {
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        fed.put(input.getKey(), tensor(input.getValue()));
      }
      try (OrtSession.Result result = session.run(fed, new LinkedHashSet<>(outputs))) {
        List<Tensor> values = new ArrayList<>();
        for (String name : outputs) {
          long[] shape = ((TensorInfo) result.get(name).orElseThrow().getInfo()).getShape();
          values.add(Tensor.ofFloats(floats(result, name), shape));
        }
        return values;
      }
    } finally {
      fed.values().forEach(OnnxTensor::close);
    }
  }

  /**
   * Runs one batch and leaves the values of float outputs in buffers of the caller's.
   *
   * @param outputs by name, direct and in the machine's byte order; as many elements as the shape
   * @param shapes of the outputs
   */
  void run(Map<String, Tensor> inputs, Map<String, FloatBuffer> outputs, Map<String, long[]> shapes)
      throws OrtException {
    Map<String, OnnxTensor> fed = new HashMap<>();
    Map<String, OnnxTensor> pinned = new HashMap<>();
    try {
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        fed.put(input.getKey(), tensor(input.getValue()));
      }
      for (Map.Entry<String, FloatBuffer> output : outputs.entrySet()) {
        long[] shape = shapes.get(output.getKey());
        pinned.put(output.getKey(), OnnxTensor.createTensor(environment, output.getValue(), shape));
      }
      session.run(fed, pinned).close();
    } finally {
      fed.values().forEach(OnnxTensor::close);
      pinned.values().forEach(OnnxTensor::close);
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }

  private OnnxTensor tensor(Tensor tensor) throws OrtException {
    ByteBuffer data =
        ByteBuffer.allocateDirect(tensor.data().remaining()).order(ByteOrder.nativeOrder());
    return switch (tensor.dtype()) {
      case I64 -> {
        data.asLongBuffer().put(tensor.toLongs());
        yield OnnxTensor.createTensor(environment, data.asLongBuffer(), tensor.shape());
      }
      case I32 -> {
        data.asIntBuffer().put(tensor.data().asIntBuffer());
        yield OnnxTensor.createTensor(environment, data.asIntBuffer(), tensor.shape());
      }
      case F32 -> {
        data.asFloatBuffer().put(tensor.toFloats());
        yield OnnxTensor.createTensor(environment, data.asFloatBuffer(), tensor.shape());
      }
      default -> {
        data.put(tensor.data()).flip();
        yield OnnxTensor.createTensor(environment, data, tensor.shape(), type(tensor.dtype()));
      }
    };
  }

  private static OnnxJavaType type(DType dtype) throws OrtException {
    return switch (dtype) {
      case F64 -> OnnxJavaType.DOUBLE;
      case F16 -> OnnxJavaType.FLOAT16;
      case I8 -> OnnxJavaType.INT8;
      case U8 -> OnnxJavaType.UINT8;
      case BOOL -> OnnxJavaType.BOOL;
      default -> throw new OrtException("no input of type " + dtype + " can be given to a model");
    };
  }

  private static float[] floats(OrtSession.Result result, String name) {
    OnnxTensor tensor =
        (OnnxTensor)
            result
                .get(name)
                .orElseThrow(() -> new IllegalStateException("the model gave no output " + name));
    FloatBuffer buffer = tensor.getFloatBuffer();
    if (buffer == null) {
      throw new IllegalStateException("the output " + name + " is no tensor of floats");
    }
    // ONNX Runtime gives a copy of its own, on the heap.
    if (buffer.hasArray() && buffer.arrayOffset() == 0 && buffer.array().length == buffer.limit()) {
      return buffer.array();
    }
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }
}
