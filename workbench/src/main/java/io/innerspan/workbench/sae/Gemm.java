package io.innerspan.workbench.sae;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.OperatorSetIdProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.onnxruntime.graft.onnx.TensorShapeProto;
import io.innerspan.onnxruntime.graft.onnx.TypeProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * {@code y = x Wᵀ + b} by ONNX Runtime's matrix product, the only dense product of a sparse
 * autoencoder; on one thread, so that the same values give the same bits. Holds its memory until it
 * is closed. Not thread-safe.
 */
final class Gemm implements AutoCloseable {
  private static final int OPSET = 13;
  private static final int IR_VERSION = 8;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final int in;
  private final int out;
  private final FloatBuffer weight;
  private final FloatBuffer bias;
  private final OnnxTensor weightTensor;
  private final OnnxTensor biasTensor;

  Gemm(int in, int out) {
    this.in = in;
    this.out = out;
    weight = allocate((long) in * out);
    bias = allocate(out);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = environment.createSession(model(), options);
      weightTensor = OnnxTensor.createTensor(environment, weight, new long[] {out, in});
      biasTensor = OnnxTensor.createTensor(environment, bias, new long[] {out});
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime refuses a matrix product", e);
    }
  }

  /**
   * Sets the weights.
   *
   * @param rows {@code [out, in]}
   * @param offset {@code [out]}
   */
  void set(float[] rows, float[] offset) {
    weight.put(0, rows);
    bias.put(0, offset);
  }

  /**
   * Multiplies.
   *
   * @param x {@code [n, in]}
   * @return {@code [n, out]}
   */
  float[] multiply(float[] x) {
    int n = x.length / in;
    FloatBuffer rows = allocate(x.length).put(0, x);
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, rows, new long[] {n, in});
        OrtSession.Result result =
            session.run(Map.of("x", tensor, "w", weightTensor, "b", biasTensor))) {
      float[] values = new float[n * out];
      ((OnnxTensor) result.get(0)).getFloatBuffer().get(values);
      return values;
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime fails in a matrix product", e);
    }
  }

  private static FloatBuffer allocate(long floats) {
    return ByteBuffer.allocateDirect(Math.toIntExact(floats * Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static byte[] model() {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("gemm");
    graph.addInput(value("x", "n", "in")).addInput(value("w", "out", "in"));
    graph.addInput(value("b", "out")).addOutput(value("y", "n", "out"));
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Gemm")
            .addInput("x")
            .addInput("w")
            .addInput("b")
            .addOutput("y")
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("transB")
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(1)));
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static ValueInfoProto value(String name, String... dimensions) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (String dimension : dimensions) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(dimension));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT.getNumber())
                        .setShape(shape)))
        .build();
  }

  @Override
  public void close() {
    try {
      weightTensor.close();
      biasTensor.close();
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("a session that cannot be closed", e);
    }
  }
}
