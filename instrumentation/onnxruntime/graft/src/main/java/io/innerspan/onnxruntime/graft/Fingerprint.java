package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.OperatorSetIdProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.onnxruntime.graft.onnx.TensorShapeProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * The structural fingerprint of a model: SHA-256 over nodes, attributes, the names, types and
 * shapes of initializers, inputs and outputs, and the operator sets.
 *
 * <p>Neither weights nor descriptive fields (producer, documentation, metadata, inferred types)
 * take part (only the few integers that are axes and shapes do), so that it costs no pass over the
 * weights: a fine-tuned sibling has the same fingerprint, and only the digest of the whole model
 * tells the two apart. Every value is preceded by its length or count, so that no two structures
 * give the same bytes.
 */
final class Fingerprint {
  private static final String VERSION = "innerspan structure 1";

  private final ByteArrayOutputStream structure = new ByteArrayOutputStream(1 << 16);

  private Fingerprint() {}

  /** The fingerprint in 64 lowercase hexadecimal digits. */
  static String of(ModelProto model) {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.text(VERSION);
    List<OperatorSetIdProto> sets =
        model.getOpsetImportList().stream()
            .sorted(
                Comparator.comparing(OperatorSetIdProto::getDomain)
                    .thenComparing(OperatorSetIdProto::getVersion))
            .toList();
    fingerprint.number(sets.size());
    for (OperatorSetIdProto set : sets) {
      fingerprint.text(set.getDomain());
      fingerprint.number(set.getVersion());
    }
    fingerprint.graph(model.getGraph());
    return fingerprint.hash();
  }

  private void graph(GraphProto graph) {
    number(graph.getNodeCount());
    graph.getNodeList().forEach(this::node);
    number(graph.getInitializerCount());
    for (TensorProto initializer : graph.getInitializerList()) {
      text(initializer.getName());
      tensor(initializer);
    }
    number(graph.getInputCount());
    graph.getInputList().forEach(this::value);
    number(graph.getOutputCount());
    graph.getOutputList().forEach(this::value);
  }

  private void node(NodeProto node) {
    text(node.getDomain());
    text(node.getOpType());
    texts(node.getInputList());
    texts(node.getOutputList());
    number(node.getAttributeCount());
    node.getAttributeList().forEach(this::attribute);
  }

  private void attribute(AttributeProto attribute) {
    text(attribute.getName());
    number(attribute.getType().getNumber());
    number(Float.floatToRawIntBits(attribute.getF()));
    number(attribute.getI());
    bytes(attribute.getS().toByteArray());
    number(attribute.getFloatsCount());
    attribute.getFloatsList().forEach(value -> number(Float.floatToRawIntBits(value)));
    number(attribute.getIntsCount());
    attribute.getIntsList().forEach(this::number);
    number(attribute.getStringsCount());
    attribute.getStringsList().forEach(value -> bytes(value.toByteArray()));
    number(attribute.hasT() ? 1 : 0);
    tensor(attribute.getT());
    number(attribute.getTensorsCount());
    attribute.getTensorsList().forEach(this::tensor);
    number(attribute.hasG() ? 1 : 0);
    graph(attribute.getG());
    number(attribute.getGraphsCount());
    attribute.getGraphsList().forEach(this::graph);
  }

  private void tensor(TensorProto tensor) {
    number(tensor.getDataType());
    number(tensor.getDimsCount());
    tensor.getDimsList().forEach(this::number);
    long[] integers = Integers.of(tensor);
    number(integers == null ? -1 : integers.length);
    if (integers != null) {
      for (long value : integers) {
        number(value);
      }
    }
  }

  private void value(ValueInfoProto value) {
    text(value.getName());
    number(value.getType().getValueCase().getNumber());
    number(value.getType().getTensorType().getElemType());
    List<TensorShapeProto.Dimension> dims = value.getType().getTensorType().getShape().getDimList();
    number(dims.size());
    for (TensorShapeProto.Dimension dim : dims) {
      number(dim.hasDimValue() ? dim.getDimValue() : -1);
      text(dim.getDimParam());
    }
  }

  private void texts(List<String> values) {
    number(values.size());
    values.forEach(this::text);
  }

  private void text(String value) {
    bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(byte[] value) {
    number(value.length);
    structure.writeBytes(value);
  }

  /** Seven bits a byte, the lowest first: most numbers are small, and hashing costs by the byte. */
  private void number(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      structure.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    structure.write((int) rest);
  }

  private String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(structure.toByteArray()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
