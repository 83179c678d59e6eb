package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Input tensors of ONNX Runtime made from plain ones; closing them frees the tensors. */
record Inputs(Map<String, OnnxTensor> tensors) implements AutoCloseable {

  static Inputs of(OrtEnvironment environment, ModelInput input) throws OrtException {
    Inputs inputs = new Inputs(new LinkedHashMap<>());
    try {
      for (ModelInput.Tensor tensor : input.tensors()) {
        inputs.tensors.put(tensor.name(), tensor(environment, tensor));
      }
      return inputs;
    } catch (OrtException | RuntimeException e) {
      inputs.close();
      throw e;
    }
  }

  private static OnnxTensor tensor(OrtEnvironment environment, ModelInput.Tensor tensor)
      throws OrtException {
    // Direct: of a buffer on the heap ONNX Runtime expects the class that belongs to the type.
    ByteBuffer data =
        ByteBuffer.allocateDirect(tensor.data().remaining()).order(ByteOrder.nativeOrder());
    data.put(tensor.data().duplicate()).flip();
    long[] shape = tensor.shape();
    // By typed buffers where there are some: version 1.12 counts a ByteBuffer's bytes as elements.
    return switch (tensor.type()) {
      case "F32" -> OnnxTensor.createTensor(environment, data.asFloatBuffer(), shape);
      case "F64" -> OnnxTensor.createTensor(environment, data.asDoubleBuffer(), shape);
      case "I16" -> OnnxTensor.createTensor(environment, data.asShortBuffer(), shape);
      case "I32" -> OnnxTensor.createTensor(environment, data.asIntBuffer(), shape);
      case "I64" -> OnnxTensor.createTensor(environment, data.asLongBuffer(), shape);
      default -> OnnxTensor.createTensor(environment, data, shape, InputCopy.type(tensor.type()));
    };
  }

  @Override
  public void close() {
    tensors.values().forEach(OnnxTensor::close);
  }
}
