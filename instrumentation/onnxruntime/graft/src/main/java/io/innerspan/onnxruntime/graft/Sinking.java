package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Moves nodes and small constants that only one branch reads into that branch.
 *
 * <p>A node inside a closed branch costs nothing, and ONNX Runtime hands an {@code If} every value
 * that its branches read from outside, whichever of them runs: some tenths of a microsecond each.
 */
final class Sinking {
  /** What is not in one branch. */
  private static final int HERE = -1;

  /** Larger ones stay: ONNX Runtime copies what is in a branch when it reads a model. */
  private static final int MOST_BYTES = 1 << 16;

  private final GraphProto.Builder graph;
  private final boolean constants;
  private final List<Branch> branches = new ArrayList<>();

  /** By tensor, the branch that alone reads it, or {@link #HERE}. */
  private final Map<String, Integer> readers = new HashMap<>();

  private record Branch(int node, int attribute) {}

  private Sinking(GraphProto.Builder graph, boolean constants) {
    this.graph = graph;
    this.constants = constants;
  }

  /**
   * Changes a graph of which every initializer is a constant.
   *
   * @param constants whether constants may be moved too
   */
  static void sink(GraphProto.Builder graph, boolean constants) {
    new Sinking(graph, constants).sink();
  }

  private void sink() {
    for (ValueInfoProto output : graph.getOutputList()) {
      readers.put(output.getName(), HERE);
    }
    int[] places = new int[graph.getNodeCount()];
    for (int i = places.length - 1; i >= 0; i--) { // Readers come after what they read.
      places[i] = place(i);
    }
    List<GraphProto.Builder> bodies = bodies();
    move(places, bodies);
    for (int i = 0; i < bodies.size(); i++) {
      Sinking.sink(bodies.get(i), constants);
    }
    put(places, bodies);
  }

  /** Where a node belongs, by who reads its outputs. */
  private int place(int i) {
    NodeProto node = graph.getNode(i);
    Set<Integer> places = new HashSet<>();
    node.getOutputList().forEach(output -> places.add(readers.getOrDefault(output, HERE)));
    int place = places.size() == 1 ? places.iterator().next() : HERE;
    node.getInputList().forEach(input -> read(input, place));
    for (int a = 0; a < node.getAttributeCount(); a++) {
      if (node.getAttribute(a).hasG()) {
        int reader = place;
        if (place == HERE) {
          reader = branches.size();
          branches.add(new Branch(i, a));
        }
        for (String name : reads(node.getAttribute(a).getG())) {
          read(name, reader);
        }
      }
    }
    return place;
  }

  private void read(String name, int reader) {
    readers.merge(name, reader, (one, other) -> one.equals(other) ? one : HERE);
  }

  /** What a branch reads from outside; it also has what it makes itself, under unique names. */
  private static Set<String> reads(GraphProto branch) {
    Set<String> names = new HashSet<>();
    for (NodeProto node : branch.getNodeList()) {
      names.addAll(node.getInputList());
      for (AttributeProto attribute : node.getAttributeList()) {
        if (attribute.hasG()) {
          names.addAll(reads(attribute.getG()));
        }
      }
    }
    branch.getOutputList().forEach(output -> names.add(output.getName()));
    return names;
  }

  private List<GraphProto.Builder> bodies() {
    List<GraphProto.Builder> bodies = new ArrayList<>();
    for (Branch branch : branches) {
      bodies.add(graph.getNode(branch.node()).getAttribute(branch.attribute()).getG().toBuilder());
    }
    return bodies;
  }

  private void move(int[] places, List<GraphProto.Builder> bodies) {
    for (int i = places.length - 1; i >= 0; i--) {
      if (places[i] != HERE) {
        bodies.get(places[i]).addNode(0, graph.getNode(i));
      }
    }
    for (int i = graph.getInitializerCount() - 1; constants && i >= 0; i--) {
      TensorProto constant = graph.getInitializer(i);
      int place = readers.getOrDefault(constant.getName(), HERE);
      if (place != HERE && constant.getRawData().size() <= MOST_BYTES) {
        bodies.get(place).addInitializer(constant);
        graph.removeInitializer(i);
      }
    }
  }

  /** Puts the branches back, and takes the moved nodes away. */
  private void put(int[] places, List<GraphProto.Builder> bodies) {
    for (int i = 0; i < bodies.size(); i++) {
      Branch branch = branches.get(i);
      graph
          .getNodeBuilder(branch.node())
          .getAttributeBuilder(branch.attribute())
          .setG(bodies.get(i));
    }
    for (int i = places.length - 1; i >= 0; i--) {
      if (places[i] != HERE) {
        graph.removeNode(i);
      }
    }
  }
}
