package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.innerspan.onnxruntime.session.tensor.Tensors;
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
    ByteBuffer data =
        ByteBuffer.allocateDirect(tensor.data().remaining()).order(ByteOrder.nativeOrder());
    data.put(tensor.data().duplicate()).flip();
    return Tensors.of(environment, data, tensor.shape(), InputCopy.type(tensor.type()));
  }

  @Override
  public void close() {
    tensors.values().forEach(OnnxTensor::close);
  }
}
