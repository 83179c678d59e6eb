package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tensors whose sizes depend on values, not on the sizes of the model's inputs alone: of the boxes
 * that a detector finds there may be none, though there is an image.
 */
final class DataSizes {
  /** The operators of these domains are known; of others anything may be expected. */
  private static final Set<String> DOMAINS = Set.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft");

  /** Operators that give as many elements as their inputs' values, or what they run, say. */
  private static final Set<String> SOURCES =
      Set.of(
          "Compress",
          "ConcatFromSequence",
          "If",
          "Loop",
          "NonMaxSuppression",
          "NonZero",
          "OptionalGetElement",
          "Scan",
          "SequenceAt",
          "Unique");

  /** Operators with inputs whose values are sizes, and the first of these inputs. */
  private static final Map<String, Integer> SIZED_FROM =
      Map.ofEntries(
          Map.entry("CenterCropPad", 1),
          Map.entry("ConstantOfShape", 0),
          Map.entry("Expand", 1),
          Map.entry("OneHot", 1),
          Map.entry("Pad", 1),
          Map.entry("Range", 0),
          Map.entry("Reshape", 1),
          Map.entry("Resize", 1),
          Map.entry("Slice", 1),
          Map.entry("Split", 1),
          Map.entry("Tile", 1),
          Map.entry("TopK", 1),
          Map.entry("Upsample", 1));

  private static final Set<String> SIZES_ALONE = Set.of("Shape", "Size");

  /** Tensors that are computed from values of the model's inputs. */
  private final Set<String> values = new HashSet<>();

  private final Set<String> found = new HashSet<>();

  private DataSizes() {}

  /**
   * Finds them.
   *
   * @param graph its nodes come after what they read
   */
  static Set<String> of(GraphProto graph, GraphIndex index) {
    DataSizes sizes = new DataSizes();
    for (ValueInfoProto input : graph.getInputList()) {
      if (!index.isConstant(input.getName())) {
        sizes.values.add(input.getName());
      }
    }
    graph.getNodeList().forEach(sizes::follow);
    return Set.copyOf(sizes.found);
  }

  private void follow(NodeProto node) {
    boolean source =
        SOURCES.contains(node.getOpType())
            || !DOMAINS.contains(node.getDomain())
            || isSizedByValues(node)
            // The sizes of such a tensor are values that others may be sized by.
            || node.getInputList().stream().anyMatch(found::contains);
    boolean ofValues =
        source
            || (!SIZES_ALONE.contains(node.getOpType())
                && node.getInputList().stream().anyMatch(values::contains));
    for (String output : node.getOutputList()) {
      if (source) {
        found.add(output);
      }
      if (ofValues) {
        values.add(output);
      }
    }
  }

  private boolean isSizedByValues(NodeProto node) {
    int from = SIZED_FROM.getOrDefault(node.getOpType(), Integer.MAX_VALUE);
    List<String> inputs = node.getInputList();
    for (int i = from; i < inputs.size(); i++) {
      if (values.contains(inputs.get(i))) {
        return true;
      }
    }
    return false;
  }
}
