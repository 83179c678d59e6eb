package io.innerspan.testing.models;

import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;

/** Makes inner tensors outputs. */
final class Taps {
  private Taps() {}

  /** The model with every hook as an output too. */
  static SmallModel expose(SmallModel model) {
    ModelProto.Builder exposed = model.model().toBuilder();
    model.hooks().values().stream()
        .distinct()
        .filter(tensor -> !model.outputs().contains(tensor))
        .forEach(
            tensor ->
                exposed.getGraphBuilder().addOutput(ValueInfoProto.newBuilder().setName(tensor)));
    return new SmallModel(
        model.name(),
        model.traits(),
        exposed.build(),
        model.files(),
        model.hooks(),
        model.inputs());
  }
}
