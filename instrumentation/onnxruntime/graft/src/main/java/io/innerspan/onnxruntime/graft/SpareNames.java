package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Invents names for tensors that are as long as the old ones, in bytes, and used nowhere. */
final class SpareNames {
  private static final String LETTERS = "~^#$%&+=!@0123456789abcdefghijklmnopqrstuvwxyz";

  private final Set<String> used = new HashSet<>();

  SpareNames(GraphProto graph) {
    collect(graph);
  }

  /** A name for the tensor, or null when all such names are used. */
  @Nullable String of(String tensor) {
    byte[] bytes = tensor.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      byte old = bytes[i];
      if (old < 0) {
        continue;
      }
      for (int letter = 0; letter < LETTERS.length(); letter++) {
        bytes[i] = (byte) LETTERS.charAt(letter);
        String name = new String(bytes, StandardCharsets.UTF_8);
        if (used.add(name)) {
          return name;
        }
      }
      bytes[i] = old;
    }
    return null;
  }

  /** Bodies too: a name in one hides the same name around it. */
  private void collect(GraphProto graph) {
    graph.getInitializerList().forEach(tensor -> used.add(tensor.getName()));
    graph.getInputList().forEach(value -> used.add(value.getName()));
    graph.getOutputList().forEach(value -> used.add(value.getName()));
    graph.getValueInfoList().forEach(value -> used.add(value.getName()));
    for (NodeProto node : graph.getNodeList()) {
      used.addAll(node.getInputList());
      used.addAll(node.getOutputList());
      for (AttributeProto attribute : node.getAttributeList()) {
        if (attribute.hasG()) {
          collect(attribute.getG());
        }
        attribute.getGraphsList().forEach(this::collect);
      }
    }
  }
}
