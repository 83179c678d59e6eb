package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Products of activations and the weights of readouts. Lists of readouts are by activation. */
final class ReadoutGraph {
  private final OverlayGraph graph;

  ReadoutGraph(OverlayGraph graph) {
    this.graph = graph;
  }

  String concat(List<String> tensors, long axis) {
    return graph.concat(tensors, axis);
  }

  String multiplied(String left, String right) {
    return graph.node("MatMul", List.of(left, right));
  }

  /** The weights of each token in some poolings: {@code [batch, kinds, tokens]}. */
  String rows(Scope.Tokens tokens, List<Pooling.Kind> kinds) {
    return graph.concat(kinds.stream().map(tokens.rows()::of).toList(), 1);
  }

  /** The logits of each leading position, in the readouts' order, along the given last axis. */
  String products(List<Readout> readouts, long axis) {
    List<String> products = new ArrayList<>();
    for (List<Readout> ofOne : Readout.byActivation(readouts)) {
      products.add(product(ofOne.get(0).activation().tensor(), ofOne));
    }
    return graph.concat(products, axis);
  }

  /** The logits of readouts of one activation. */
  String product(String activation, List<Readout> readouts) {
    int width = readouts.get(0).linear().width();
    float[] weights = new float[width * readouts.size()];
    for (int p = 0; p < readouts.size(); p++) {
      LinearProbe probe = readouts.get(p).linear();
      for (int i = 0; i < width; i++) {
        weights[i * readouts.size() + p] = probe.weight(i);
      }
    }
    return multiplied(activation, graph.floats(weights, width, readouts.size()));
  }

  String biased(String logits, List<Readout> readouts) {
    float[] biases = new float[readouts.size()];
    for (int p = 0; p < biases.length; p++) {
      biases[p] = readouts.get(p).linear().bias();
    }
    return graph.node("Add", List.of(logits, graph.floats(biases, biases.length)));
  }

  /**
   * Of the columns of all readouts those of some.
   *
   * @param logits {@code [batch, tokens, all]}
   */
  String own(String logits, List<Readout> all, List<Readout> some) {
    Map<Readout, Integer> places = places(all);
    return columns(logits, some.stream().mapToLong(places::get).toArray(), all.size(), 2);
  }

  /**
   * What each of some readouts has in its own kind of pooling.
   *
   * @param pooled {@code [batch, kinds, all]}
   * @return {@code [batch, some]}
   */
  String own(String pooled, List<Readout> all, List<Pooling.Kind> kinds, List<Readout> some) {
    int count = kinds.size() * all.size();
    String flat =
        kinds.size() == 1
            ? graph.squeeze(pooled, 1)
            : graph.node("Reshape", List.of(pooled, graph.longs(new long[] {0, (long) count}, 2)));
    Map<Readout, Integer> places = places(all);
    long[] own = new long[some.size()];
    for (int i = 0; i < own.length; i++) {
      Readout readout = some.get(i);
      int kind = kinds.indexOf(readout.linear().pooling().kind());
      own[i] = (long) kind * all.size() + Objects.requireNonNull(places.get(readout));
    }
    return columns(flat, own, count, 1);
  }

  private static Map<Readout, Integer> places(List<Readout> readouts) {
    Map<Readout, Integer> places = new IdentityHashMap<>();
    readouts.forEach(readout -> places.put(readout, places.size()));
    return places;
  }

  /** Of all columns some, which need not be copied when they are all of them in order. */
  private String columns(String tensor, long[] columns, int all, long axis) {
    boolean isAll = columns.length == all;
    for (int i = 0; i < columns.length; i++) {
      isAll &= columns[i] == i;
    }
    return isAll
        ? tensor
        : graph.node(
            "Gather",
            List.of(tensor, graph.longs(columns, columns.length)),
            OverlayGraph.integer("axis", axis));
  }
}
