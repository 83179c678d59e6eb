package io.innerspan.testing.models;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs models through the real ONNX Runtime. */
final class Ort {
  private Ort() {}

  /** An output's elements as floats, row-major, with its dimensions. */
  @SuppressWarnings("ArrayRecordComponent")
  record Output(float[] values, long[] shape) {
    /** The elements from a place given by the leading coordinates. */
    float[] at(int... place) {
      int size = values.length;
      int from = 0;
      for (int axis = 0; axis < place.length; axis++) {
        size /= (int) shape[axis];
        from += place[axis] * size;
      }
      return Arrays.copyOfRange(values, from, from + size);
    }
  }

  /** Opens a model, with its external data in a folder. */
  static OrtSession open(SmallModel model, Path folder) throws Exception {
    Path file = model.write(Files.createDirectories(folder.resolve(model.name())));
    // The environment first: it loads the library that options are made in.
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // Threads are dearer than such models.
      options.setIntraOpNumThreads(1);
      return environment.createSession(file.toString(), options);
    }
  }

  static Map<String, Output> run(SmallModel model, Map<String, ExampleTensor> example, Path folder)
      throws Exception {
    try (OrtSession session = open(model, folder)) {
      return run(session, example);
    }
  }

  static Map<String, Output> run(SmallModel model, Map<String, ExampleTensor> example)
      throws OrtException {
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model.bytes())) {
      return run(session, example);
    }
  }

  static Map<String, Output> run(OrtSession session, Map<String, ExampleTensor> example)
      throws OrtException {
    Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, ExampleTensor> input : example.entrySet()) {
        feeds.put(input.getKey(), tensor(input.getValue()));
      }
      try (OrtSession.Result result = session.run(feeds)) {
        return outputs(result);
      }
    } finally {
      feeds.values().forEach(OnnxTensor::close);
    }
  }

  /** By typed buffers: ONNX Runtime 1.12 takes the bytes of a ByteBuffer for elements. */
  private static OnnxTensor tensor(ExampleTensor input) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    ByteBuffer data = input.data();
    long[] shape = input.shape();
    return switch (input.type()) {
      case INT64 -> OnnxTensor.createTensor(environment, data.asLongBuffer(), shape);
      case INT32 -> OnnxTensor.createTensor(environment, data.asIntBuffer(), shape);
      case FLOAT -> OnnxTensor.createTensor(environment, data.asFloatBuffer(), shape);
      case BOOL -> OnnxTensor.createTensor(environment, data, shape, OnnxJavaType.BOOL);
      // By name: the oldest version, which runs no such model, does not have it.
      case FLOAT16 ->
          OnnxTensor.createTensor(environment, data, shape, OnnxJavaType.valueOf("FLOAT16"));
      default -> throw new IllegalArgumentException("no inputs of type " + input.type());
    };
  }

  private static Map<String, Output> outputs(OrtSession.Result result) {
    Map<String, Output> outputs = new LinkedHashMap<>();
    for (Map.Entry<String, OnnxValue> entry : result) {
      OnnxTensor tensor = (OnnxTensor) entry.getValue();
      FloatBuffer buffer = tensor.getFloatBuffer();
      float[] values = new float[buffer.remaining()];
      buffer.get(values);
      outputs.put(entry.getKey(), new Output(values, tensor.getInfo().getShape()));
    }
    return outputs;
  }
}
