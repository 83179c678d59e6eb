package io.innerspan.testing.models;

import com.google.protobuf.ByteString;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.StringStringEntryProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.onnxruntime.graft.onnx.TensorShapeProto;
import io.innerspan.onnxruntime.graft.onnx.TypeProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The same models in another form of file. */
public final class Transforms {
  /** Smaller initializers stay in the model: shapes must be known before data is read. */
  private static final int LARGE = 64;

  private Transforms() {}

  /** Fixed dimensions in the place of symbols. */
  public static SmallModel pinned(SmallModel model, int batch, int sequence) {
    Map<String, Integer> symbols = ExampleShape.of(batch, sequence).symbols();
    ModelProto.Builder pinned = model.model().toBuilder();
    GraphProto.Builder graph = pinned.getGraphBuilder();
    graph.getInputBuilderList().forEach(value -> pin(value, symbols));
    graph.getOutputBuilderList().forEach(value -> pin(value, symbols));
    List<ModelInput> inputs =
        model.inputs().stream()
            .map(
                input ->
                    new ModelInput(
                        input.name(),
                        input.type(),
                        input.dims().stream().map(dim -> pin(dim, symbols)).toList(),
                        input.role(),
                        input.limit()))
            .toList();
    return new SmallModel(
        model.name() + "-pinned-" + batch + "x" + sequence,
        model.traits(),
        pinned.build(),
        model.files(),
        model.hooks(),
        inputs);
  }

  private static String pin(String dim, Map<String, Integer> symbols) {
    return symbols.containsKey(dim) ? Integer.toString(symbols.get(dim)) : dim;
  }

  private static void pin(ValueInfoProto.Builder value, Map<String, Integer> symbols) {
    TensorShapeProto.Builder shape =
        value.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
    for (TensorShapeProto.Dimension.Builder dim : shape.getDimBuilderList()) {
      Integer size = symbols.get(dim.getDimParam());
      if (dim.hasDimParam() && size != null) {
        dim.setDimValue(size);
      }
    }
  }

  /** Weights in a file beside the model's. */
  public static SmallModel externalData(SmallModel model) {
    String name = model.name() + "-external-data";
    String location = name + ".onnx.data";
    ByteString data = ByteString.EMPTY;
    ModelProto.Builder external = model.model().toBuilder();
    for (TensorProto.Builder tensor : external.getGraphBuilder().getInitializerBuilderList()) {
      ByteString raw = tensor.getRawData();
      if (raw.size() >= LARGE) {
        refer(tensor.clearRawData(), location, data.size(), raw.size());
        data = data.concat(raw);
      }
    }
    Map<String, ByteString> files = new HashMap<>(model.files());
    files.put(location, data);
    return new SmallModel(
        name, model.traits(), external.build(), files, model.hooks(), model.inputs());
  }

  /** Says where a tensor's data lies. */
  static void refer(TensorProto.Builder tensor, String location, long offset, long length) {
    tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL);
    tensor.addExternalData(entry("location", location));
    tensor.addExternalData(entry("offset", Long.toString(offset)));
    tensor.addExternalData(entry("length", Long.toString(length)));
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  /** IR version 3, where each initializer is an input too. */
  public static SmallModel ir3(SmallModel model) {
    ModelProto.Builder old = model.model().toBuilder().setIrVersion(3);
    for (TensorProto tensor : model.model().getGraph().getInitializerList()) {
      TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
      tensor.getDimsList().forEach(dim -> shape.addDimBuilder().setDimValue(dim));
      TypeProto.Tensor type =
          TypeProto.Tensor.newBuilder().setElemType(tensor.getDataType()).setShape(shape).build();
      old.getGraphBuilder()
          .addInputBuilder()
          .setName(tensor.getName())
          .setType(TypeProto.newBuilder().setTensorType(type));
    }
    return new SmallModel(
        model.name() + "-ir-3",
        model.traits(),
        old.build(),
        model.files(),
        model.hooks(),
        model.inputs());
  }
}
