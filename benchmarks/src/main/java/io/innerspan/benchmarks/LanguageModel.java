package io.innerspan.benchmarks;

import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.AttributeProto.AttributeType;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.onnxruntime.graft.onnx.TensorShapeProto;
import io.innerspan.onnxruntime.graft.onnx.TypeProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * all-MiniLM-L6-v2 with its table of tokens as unembedding: a masked language model of that size.
 * Its answers mean nothing, and cost what trained ones cost.
 */
final class LanguageModel {
  /** The output, {@code [batch, tokens, vocabulary]}. */
  static final String LOGITS = "logits";

  private static final String TABLE = "embeddings.word_embeddings.weight";
  private static final String TRANSPOSED = TABLE + ".transposed";
  private static final String HIDDEN = "last_hidden_state";
  private static final int FLOAT = 1;

  /** Writes the model into a folder, and returns its file. */
  static Path write(Path miniLm, Path folder) throws IOException {
    ModelProto model;
    try (InputStream in = Files.newInputStream(miniLm)) {
      model = ModelProto.parseFrom(in);
    }
    GraphProto.Builder graph = model.getGraph().toBuilder();
    long vocabulary =
        graph.getInitializerList().stream()
            .filter(tensor -> tensor.getName().equals(TABLE))
            .map(TensorProto::getDimsList)
            .findFirst()
            .orElseThrow(() -> new IOException(miniLm + ": expected " + TABLE + ", found none"))
            .get(0);
    graph.addNode(
        NodeProto.newBuilder()
            .setName(TRANSPOSED)
            .setOpType("Transpose")
            .addInput(TABLE)
            .addOutput(TRANSPOSED)
            .addAttribute(
                AttributeProto.newBuilder()
                    .setName("perm")
                    .setType(AttributeType.INTS)
                    .addInts(1)
                    .addInts(0)));
    graph.addNode(
        NodeProto.newBuilder()
            .setName(LOGITS)
            .setOpType("MatMul")
            .addInput(HIDDEN)
            .addInput(TRANSPOSED)
            .addOutput(LOGITS));
    graph.clearOutput().addOutput(output(vocabulary));
    Path file = folder.resolve("language-model.onnx");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      model.toBuilder().setGraph(graph).build().writeTo(out);
    }
    return file;
  }

  private static ValueInfoProto output(long vocabulary) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam("batch_size");
    shape.addDimBuilder().setDimParam("sequence_length");
    shape.addDimBuilder().setDimValue(vocabulary);
    return ValueInfoProto.newBuilder()
        .setName(LOGITS)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(FLOAT).setShape(shape)))
        .build();
  }

  private LanguageModel() {}
}
