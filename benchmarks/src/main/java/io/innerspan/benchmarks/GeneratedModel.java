package io.innerspan.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import com.google.protobuf.ByteString;
import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.AttributeProto.AttributeType;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.OperatorSetIdProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.onnxruntime.graft.onnx.TensorShapeProto;
import io.innerspan.onnxruntime.graft.onnx.TypeProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A post-LN encoder of any size with seeded random weights, written weight by weight: a model of
 * two gigabytes needs no such memory here.
 *
 * @param megabytes roughly, of the file (10⁶ bytes)
 * @param width of its activations
 * @param layers at least one
 */
record GeneratedModel(int megabytes, int width, int layers) {
  private static final int VOCABULARY = 500;
  private static final int HEAD_WIDTH = 64;
  private static final int BYTES = 4;

  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  /** A model of about that size: wider where it is larger, with layers to fill it. */
  static GeneratedModel ofMegabytes(int megabytes) {
    int width =
        megabytes < 5
            ? 64
            : megabytes < 40 ? 192 : megabytes < 250 ? 512 : megabytes < 1500 ? 1024 : 2048;
    double layer = 12.0 * width * width * BYTES;
    double table = (double) VOCABULARY * width * BYTES;
    int layers = (int) Math.max(1, Math.round((megabytes * 1e6 - table) / layer));
    return new GeneratedModel(megabytes, width, layers);
  }

  String name() {
    return "generated-" + megabytes + "mb";
  }

  /** Writes the model, unless it is there. */
  Path write(Path folder) throws IOException {
    Path file = folder.resolve(name() + ".onnx");
    if (!Files.exists(file)) {
      Files.createDirectories(folder);
      Path part = folder.resolve(name() + ".part");
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 20)) {
        new Writer(out).write();
      }
      Files.move(part, file);
    }
    return file;
  }

  /** Random tokens without padding; the caller closes the tensors. */
  static Map<String, OnnxTensor> inputs(int batch, int sequence, long seed) throws OrtException {
    long[] ids = new SplittableRandom(seed).longs((long) batch * sequence, 0, VOCABULARY).toArray();
    long[] mask = new long[ids.length];
    Arrays.fill(mask, 1);
    long[] shape = {batch, sequence};
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    return Map.of(
        "input_ids", OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape),
        "attention_mask", OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape));
  }

  /** Weights go to the file at once, each as a model to be merged with the rest. */
  private final class Writer {
    private final OutputStream out;
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName(name());
    private final SplittableRandom random = new SplittableRandom(megabytes);
    private int next;

    Writer(OutputStream out) {
      this.out = out;
    }

    void write() throws IOException {
      graph.addInput(value("input_ids", INT64));
      graph.addInput(value("attention_mask", INT64));
      String bias = maskBias();
      String stream = node("Gather", List.of(weights(1, VOCABULARY, width), "input_ids"));
      stream = normalize(stream);
      for (int layer = 0; layer < layers; layer++) {
        stream = normalize(node("Add", List.of(attend(stream, bias), stream)));
        String hidden = node("Relu", List.of(linear(stream, width, 4 * width)));
        stream = normalize(node("Add", List.of(linear(hidden, 4 * width, width), stream)));
      }
      graph.addNode(
          NodeProto.newBuilder()
              .setOpType("Identity")
              .addInput(stream)
              .addOutput("last_hidden_state"));
      graph.addOutput(value("last_hidden_state", FLOAT));
      ModelProto.newBuilder()
          .setIrVersion(8)
          .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(17))
          .setGraph(graph)
          .build()
          .writeTo(out);
    }

    /** 0 for real tokens, −10000 for padding: {@code [batch, 1, 1, tokens]}. */
    private String maskBias() throws IOException {
      String real =
          node("Cast", List.of("attention_mask"), attribute("to", AttributeType.INT, FLOAT));
      String shaped = node("Unsqueeze", List.of(real, longs(1, 2)));
      String padding = node("Sub", List.of(floats(1), shaped));
      return node("Mul", List.of(padding, floats(-10_000)));
    }

    private String attend(String in, String bias) throws IOException {
      String queries = heads(linear(in, width, width), 0, 2, 1, 3);
      String keys = heads(linear(in, width, width), 0, 2, 3, 1);
      String values = heads(linear(in, width, width), 0, 2, 1, 3);
      String scores = node("MatMul", List.of(queries, keys));
      scores = node("Div", List.of(scores, floats((float) Math.sqrt(HEAD_WIDTH))));
      scores = node("Add", List.of(scores, bias));
      String pattern = node("Softmax", List.of(scores), attribute("axis", AttributeType.INT, 3));
      String context = node("MatMul", List.of(pattern, values));
      context =
          node("Transpose", List.of(context), attribute("perm", AttributeType.INTS, 0, 2, 1, 3));
      context = node("Reshape", List.of(context, longs(0, 0, width)));
      return linear(context, width, width);
    }

    private String heads(String in, long... order) throws IOException {
      String split = node("Reshape", List.of(in, longs(0, 0, width / HEAD_WIDTH, HEAD_WIDTH)));
      return node("Transpose", List.of(split), attribute("perm", AttributeType.INTS, order));
    }

    private String linear(String in, int from, int to) throws IOException {
      String product = node("MatMul", List.of(in, weights(1 / Math.sqrt(from), from, to)));
      return node("Add", List.of(weights(0.1, to), product));
    }

    private String normalize(String in) throws IOException {
      return node(
          "LayerNormalization",
          List.of(in, weights(1, width), weights(0.1, width)),
          attribute("axis", AttributeType.INT, -1));
    }

    private String node(String operator, List<String> inputs, AttributeProto... attributes) {
      String output = operator + "_" + next++;
      graph.addNode(
          NodeProto.newBuilder()
              .setName(output)
              .setOpType(operator)
              .addAllInput(inputs)
              .addOutput(output)
              .addAllAttribute(List.of(attributes)));
      return output;
    }

    private AttributeProto attribute(String name, AttributeType type, long... values) {
      AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name).setType(type);
      if (type == AttributeType.INT) {
        return attribute.setI(values[0]).build();
      }
      Arrays.stream(values).forEach(attribute::addInts);
      return attribute.build();
    }

    /** Uniform around zero, with a standard deviation of about 0.6 times the scale. */
    private String weights(double scale, long... dims) throws IOException {
      int count = (int) Arrays.stream(dims).reduce(1, Math::multiplyExact);
      ByteBuffer raw = ByteBuffer.allocate(count * BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        raw.putFloat((float) (scale * (random.nextInt() * 0x1p-31)));
      }
      return initializer(FLOAT, raw.flip(), dims);
    }

    private String floats(float value) throws IOException {
      ByteBuffer raw = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
      return initializer(FLOAT, raw.putFloat(value).flip());
    }

    private String longs(long... values) throws IOException {
      ByteBuffer raw = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
      raw.asLongBuffer().put(values);
      return initializer(INT64, raw, values.length);
    }

    private String initializer(int type, ByteBuffer raw, long... dims) throws IOException {
      String name = "w_" + next++;
      TensorProto.Builder tensor =
          TensorProto.newBuilder()
              .setName(name)
              .setDataType(type)
              .setRawData(ByteString.copyFrom(raw));
      Arrays.stream(dims).forEach(tensor::addDims);
      ModelProto.newBuilder()
          .setGraph(GraphProto.newBuilder().addInitializer(tensor))
          .build()
          .writeTo(out);
      return name;
    }

    private ValueInfoProto value(String name, int type) {
      TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
      shape.addDimBuilder().setDimParam("batch");
      shape.addDimBuilder().setDimParam("tokens");
      if (type == FLOAT) {
        shape.addDimBuilder().setDimValue(width);
      }
      return ValueInfoProto.newBuilder()
          .setName(name)
          .setType(
              TypeProto.newBuilder()
                  .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
          .build();
    }
  }
}
