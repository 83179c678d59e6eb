package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.onnxruntime.graft.onnx.TypeProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Signal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Activations as outputs of the run that reads signals from them, in single precision. Of half
 * precision the very tensors are returned that the signals read: another session may round
 * elsewhere, and the runtime may hand on what it computed before it rounds.
 *
 * @param bytes to append to the model's, after the overlay's
 * @param outputs by hook point
 */
@SuppressWarnings("ArrayRecordComponent")
record MatrixExposure(byte[] bytes, Map<HookPoint, String> outputs) {
  static MatrixExposure of(OnnxModel model, Overlay overlay) throws IOException {
    GraphProto signals = ModelProto.parseFrom(overlay.bytes()).getGraph();
    GraphProto.Builder added = GraphProto.newBuilder();
    Map<HookPoint, String> outputs = new LinkedHashMap<>();
    List<HookPoint> single = new ArrayList<>();
    for (Signal signal : overlay.signals()) {
      for (HookPoint place : signal.hookPoints()) {
        TensorInfo tensor = Objects.requireNonNull(model.resolve(place)).tensor();
        if (tensor.type() == ElementType.FLOAT) {
          single.add(place);
        } else if (!outputs.containsKey(place)) {
          outputs.put(place, converted(signals, tensor.name(), added));
        }
      }
    }
    for (String output : new LinkedHashSet<>(outputs.values())) {
      added.addOutput(
          ValueInfoProto.newBuilder()
              .setName(output)
              .setType(
                  TypeProto.newBuilder()
                      .setTensorType(
                          TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT.getNumber()))));
    }
    Exposure exposure = OverlayCompiler.expose(model, single);
    outputs.putAll(exposure.outputs());
    byte[] more = ModelProto.newBuilder().setGraph(added).build().toByteArray();
    return new MatrixExposure(Ort.concat(exposure.bytes(), more), outputs);
  }

  /** What the signals make of a tensor first, or where they read a part of it, all of it. */
  private static String converted(GraphProto signals, String tensor, GraphProto.Builder added) {
    return signals.getNodeList().stream()
        .filter(node -> node.getOpType().equals("Cast") && node.getInput(0).equals(tensor))
        .map(node -> node.getOutput(0))
        .findFirst()
        .orElseGet(
            () -> {
              String output = "converted/" + tensor;
              added.addNode(
                  NodeProto.newBuilder()
                      .setName(output)
                      .setOpType("Cast")
                      .addInput(tensor)
                      .addOutput(output)
                      .addAttribute(OverlayGraph.integer("to", ElementType.FLOAT.number())));
              return output;
            });
  }
}
