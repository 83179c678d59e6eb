package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.TapPoint.Layout;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.signals.HookPoint;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Finds places worth reading in a model about which nothing else is known. */
final class Candidates {
  /** What reads the last block of a convolutional network. */
  private static final Set<String> POOLINGS = Set.of("GlobalAveragePool", "GlobalMaxPool");

  private final GraphIndex graph;
  private final RawTaps taps;

  Candidates(GraphIndex graph, RawTaps taps) {
    this.graph = graph;
    this.taps = taps;
  }

  /**
   * What the products with weights read: outputs of activation functions and blocks, in the order
   * of the graph. The runtime has to compute these as they are, whatever it fuses.
   */
  List<TapPoint> find() {
    MlpFinder products = new MlpFinder(graph);
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < graph.size(); i++) {
      NodeProto node = graph.node(i);
      if (StandardOps.PRODUCT.contains(node.getOpType())
          && node.getInputCount() > 1
          && isWeight(node)) {
        String read = products.read(node);
        if (read != null) {
          names.add(read);
        }
      } else if (POOLINGS.contains(node.getOpType()) && node.getInputCount() > 0) {
        names.add(node.getInput(0));
      }
    }
    List<TapPoint> found = new ArrayList<>();
    for (String name : names) {
      TapPoint tap = HookPoint.isName(name) ? taps.find(new HookPoint(name)) : null;
      if (tap != null && isReadable(tap)) {
        found.add(tap);
      }
    }
    return found;
  }

  private boolean isWeight(NodeProto product) {
    // The quantised operator has scale and zero point between the data and the weights.
    boolean spread = product.getOpType().startsWith("QLinear");
    return product.getInputCount() > 3 && spread
        ? graph.isConstant(product.getInput(3))
        : graph.isConstant(product.getInput(1));
  }

  private boolean isReadable(TapPoint tap) {
    String name = tap.tensor().name();
    return tap.usable()
        && graph.producerPosition(name) >= 0
        && tap.tensor().type().isFloatingPoint()
        && tap.layout() != Layout.OTHER
        && tap.layout() != Layout.PATTERN;
  }

  /** The outputs of a transformer's layers. */
  static List<TapPoint> of(List<Layer> layers, List<TapPoint> points) {
    List<TapPoint> found = new ArrayList<>();
    for (Layer layer : layers) {
      String prefix = layer.block() + ".";
      points.stream()
          .filter(point -> point.hookPoint().name().startsWith(prefix) && point.usable())
          .filter(point -> Objects.equals(point.tensor().name(), layer.output()))
          .reduce((first, second) -> second)
          .ifPresent(found::add);
    }
    return found;
  }
}
