package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tensors that may have no rows although the model's inputs have some: their sizes depend on
 * values, as of the boxes that a detector finds, or some of the rows were cut away.
 */
final class DataSizes {
  /** The operators of these domains are known; of others anything may be expected. */
  private static final Set<String> DOMAINS = Set.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft");

  /** Operators that give as many elements as what they run, or what was put together, says. */
  private static final Set<String> SOURCES =
      Set.of("ConcatFromSequence", "If", "Loop", "OptionalGetElement", "Scan", "SequenceAt");

  /** Operators that give as many elements as their inputs' values say. */
  private static final Set<String> SELECTIONS =
      Set.of("Compress", "NonMaxSuppression", "NonZero", "RemovePadding", "StringSplit", "Unique");

  /** Operators that give some of the rows if they cut along the first axis. */
  private static final Set<String> CUTS = Set.of("Slice", "Split");

  /** Operators with inputs whose values are sizes, and the first of these inputs. */
  private static final Map<String, Integer> SIZED_FROM =
      Map.ofEntries(
          Map.entry("AffineGrid", 1),
          Map.entry("CenterCropPad", 1),
          Map.entry("Col2Im", 1),
          Map.entry("ConstantOfShape", 0),
          Map.entry("CropAndResize", 3),
          Map.entry("Expand", 1),
          Map.entry("MaxUnpool", 2),
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

  private final GraphIndex index;

  private DataSizes(GraphIndex index) {
    this.index = index;
  }

  /**
   * The names of such tensors.
   *
   * @param graph its nodes come after what they read
   */
  static Set<String> of(GraphProto graph, GraphIndex index) {
    DataSizes sizes = new DataSizes(index);
    for (ValueInfoProto input : graph.getInputList()) {
      if (!index.isConstant(input.getName())) {
        sizes.values.add(input.getName());
      }
    }
    graph.getNodeList().forEach(sizes::follow);
    return Set.copyOf(sizes.found);
  }

  private void follow(NodeProto node) {
    boolean readsValues = node.getInputList().stream().anyMatch(values::contains);
    boolean source =
        SOURCES.contains(node.getOpType())
            || !DOMAINS.contains(node.getDomain())
            || (readsValues && (SELECTIONS.contains(node.getOpType()) || cutsRows(node)))
            || isSizedByValues(node)
            // The sizes of such a tensor are values that others may be sized by.
            || node.getInputList().stream().anyMatch(found::contains);
    boolean ofValues = source || (readsValues && !SIZES_ALONE.contains(node.getOpType()));
    for (String output : node.getOutputList()) {
      if (source) {
        found.add(output);
      }
      if (ofValues) {
        values.add(output);
      }
    }
  }

  /** Whether the first axis is cut, or may be. */
  private boolean cutsRows(NodeProto node) {
    if (!CUTS.contains(node.getOpType())) {
      return false;
    }
    long[] axes = Integers.cutAxes(index, node);
    return axes == null || Arrays.stream(axes).anyMatch(axis -> axis == 0);
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
