package io.innerspan.benchmarks;

import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.TensorShapeProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A model whose axes have other names, and that computes the same: no pack of the original is for
 * it.
 */
final class RenamedModel {

  /**
   * Writes the model.
   *
   * @param suffix of the names
   */
  static void write(Path original, String suffix, Path file) throws IOException {
    ModelProto.Builder model;
    try (InputStream in = Files.newInputStream(original)) {
      model = ModelProto.parseFrom(in).toBuilder();
    }
    GraphProto.Builder graph = model.getGraphBuilder();
    rename(graph.getInputBuilderList(), suffix);
    rename(graph.getOutputBuilderList(), suffix);
    rename(graph.getValueInfoBuilderList(), suffix);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      model.build().writeTo(out);
    }
  }

  private static void rename(List<ValueInfoProto.Builder> values, String suffix) {
    for (ValueInfoProto.Builder value : values) {
      for (TensorShapeProto.Dimension.Builder axis :
          value.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder().getDimBuilderList()) {
        if (axis.hasDimParam()) {
          axis.setDimParam(axis.getDimParam() + suffix);
        }
      }
    }
  }

  private RenamedModel() {}
}
