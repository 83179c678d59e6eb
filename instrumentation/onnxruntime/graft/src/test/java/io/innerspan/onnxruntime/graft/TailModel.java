package io.innerspan.onnxruntime.graft;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.onnxruntime.graft.onnx.TypeProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import io.innerspan.signals.reference.ModelTail;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The tail of a model as a model of its own, cut off where the last layer ends. It takes and gives
 * single precision, and computes in the model's.
 */
final class TailModel {
  private static final String IN = "tail/in";
  private static final String OUT = "tail/out";
  private static final String NOTHING = "tail/nothing";

  private final ModelProto model;

  /** Cuts a model between two tensors of single precision. */
  TailModel(ModelProto whole, String start, String logits) {
    this(whole, start, logits, false);
  }

  /**
   * Cuts a model between two tensors.
   *
   * @param half whether they are of half precision
   */
  TailModel(ModelProto whole, String start, String logits, boolean half) {
    GraphProto graph = whole.getGraph();
    boolean fused =
        graph.getNodeList().stream().noneMatch(node -> node.getInputList().contains(start));
    Map<String, NodeProto> producers = new HashMap<>();
    graph.getNodeList().forEach(node -> node.getOutputList().forEach(o -> producers.put(o, node)));
    Set<String> needed = new HashSet<>();
    Deque<String> queue = new ArrayDeque<>(Set.of(logits));
    while (!queue.isEmpty()) {
      String tensor = queue.remove();
      if (!tensor.equals(start) && needed.add(tensor) && producers.containsKey(tensor)) {
        NodeProto producer = producers.get(tensor);
        queue.addAll(
            fused && adds(producer)
                ? producer.getInputList().subList(2, producer.getInputCount())
                : producer.getInputList());
      }
    }
    int type = (half ? DataType.FLOAT16 : DataType.FLOAT).getNumber();
    GraphProto.Builder cut = GraphProto.newBuilder().setName("tail");
    cut.addNode(cast(IN, start, type));
    if (fused) {
      cut.addNode(node("Sub", NOTHING).addInput(start).addInput(start));
    }
    graph.getNodeList().stream()
        .filter(node -> node.getOutputList().stream().anyMatch(needed::contains))
        .map(node -> fused && adds(node) ? ofNothing(node, start) : node)
        .forEach(cut::addNode);
    cut.addNode(cast(logits, OUT, DataType.FLOAT.getNumber()));
    graph.getInitializerList().stream()
        .filter(each -> needed.contains(each.getName()))
        .forEach(cut::addInitializer);
    cut.addInput(
        ValueInfoProto.newBuilder()
            .setName(IN)
            .setType(
                TypeProto.newBuilder()
                    .setTensorType(
                        TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT.getNumber()))));
    cut.addOutput(ValueInfoProto.newBuilder().setName(OUT));
    model = whole.toBuilder().setGraph(cut).build();
  }

  /** Whether one operator adds the last branch and normalises. */
  private static boolean adds(NodeProto node) {
    return StandardOps.SKIP_NORMALIZATION.contains(node.getOpType());
  }

  /** The same operator, which adds nothing. */
  private static NodeProto ofNothing(NodeProto node, String start) {
    return node.toBuilder()
        .setInput(0, start)
        .setInput(1, NOTHING)
        .clearOutput()
        .addOutput(node.getOutput(0))
        .build();
  }

  private static NodeProto cast(String from, String to, int type) {
    return node("Cast", to).addInput(from).addAttribute(OverlayGraph.integer("to", type)).build();
  }

  private static NodeProto.Builder node(String operator, String output) {
    return NodeProto.newBuilder().setName(output).setOpType(operator).addOutput(output);
  }

  /** The tail as the reference takes it. */
  ModelTail tail() {
    return activation -> {
      float[] values = new float[activation.length * activation[0].length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) activation[i / activation[0].length][i % activation[0].length];
      }
      long[] shape = {1, activation.length, activation[0].length};
      try (OrtSession session = open()) {
        return logits(session, new Ort.Output(values, shape), 0);
      } catch (OrtException e) {
        throw new AssertionError(e);
      }
    };
  }

  OrtSession open() throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      return OrtEnvironment.getEnvironment().createSession(model.toByteArray(), options);
    }
  }

  /** What a session of the tail makes of one row of a batch of activations. */
  double[][] logits(OrtSession session, Ort.Output batch, int row) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    FloatBuffer activations = FloatBuffer.wrap(batch.values());
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, activations, batch.shape());
        OrtSession.Result found = session.run(Map.of(IN, tensor))) {
      OnnxTensor output = (OnnxTensor) found.get(0);
      FloatBuffer values = output.getFloatBuffer();
      float[] all = new float[values.remaining()];
      values.get(all);
      float[][] tokens = new Ort.Output(all, output.getInfo().getShape()).row(row);
      double[][] result = new double[tokens.length][];
      for (int token = 0; token < tokens.length; token++) {
        result[token] = new double[tokens[token].length];
        for (int i = 0; i < tokens[token].length; i++) {
          result[token][i] = tokens[token][i];
        }
      }
      return result;
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
  }
}
