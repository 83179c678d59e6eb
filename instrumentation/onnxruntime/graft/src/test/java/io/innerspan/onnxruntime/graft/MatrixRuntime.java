package io.innerspan.onnxruntime.graft;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.testing.models.ExampleTensor;
import io.innerspan.testing.models.Traits.OrtVersion;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs models through any of the supported versions of ONNX Runtime. */
final class MatrixRuntime {
  /** By its jar: the oldest version does not say which it is. */
  static final OrtVersion VERSION = OrtVersion.of(version());

  private MatrixRuntime() {}

  private static String version() {
    String jar = OrtEnvironment.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return jar.substring(jar.lastIndexOf('-') + 1, jar.length() - ".jar".length());
  }

  static boolean takesEmptyTensors() {
    return VERSION != OrtVersion.V1_12_1;
  }

  /** Opens a model's file with bytes appended to it. */
  static OrtSession open(Path model, byte[] appended) throws Exception {
    Path file = model.resolveSibling("with-" + model.getFileName());
    Files.copy(model, file, StandardCopyOption.REPLACE_EXISTING);
    Files.write(file, appended, StandardOpenOption.APPEND);
    // First: the oldest version's options need its library.
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1); // Threads are dearer than such models.
      return environment.createSession(file.toString(), options);
    }
  }

  /** An output: its bits, and its elements as floats where they are floats. */
  record Value(ByteBuffer bits, Ort.Output floats) {}

  /**
   * Runs a session.
   *
   * @param gates the input of the same name; none for a model without it
   */
  static Map<String, Value> run(
      OrtSession session, Map<String, ExampleTensor> example, boolean... gates)
      throws OrtException {
    Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, ExampleTensor> input : example.entrySet()) {
        feeds.put(input.getKey(), tensor(input.getValue()));
      }
      if (gates.length > 0) {
        feeds.put(
            OverlayCompiler.GATES, OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), gates));
      }
      try (OrtSession.Result result = session.run(feeds)) {
        Map<String, Value> values = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
          values.put(output.getKey(), value((OnnxTensor) output.getValue()));
        }
        return values;
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

  private static Value value(OnnxTensor tensor) {
    ByteBuffer bits = tensor.getByteBuffer();
    long[] shape = tensor.getInfo().getShape();
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] floats = new float[buffer == null ? 0 : buffer.remaining()];
    if (buffer != null) {
      buffer.get(floats);
    } else if (tensor.getInfo().type.name().equals("BFLOAT16")) {
      floats = new float[bits.remaining() / 2];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = Float.intBitsToFloat(bits.getShort(2 * i) << 16);
      }
    }
    return new Value(bits, new Ort.Output(floats, shape));
  }
}
