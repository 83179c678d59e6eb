package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts the values of all signals and the token count together into one output. */
final class ReadingGraph {
  private final OverlayGraph graph;
  private final OnnxModel model;
  private final MlpGraph mlps;
  private final Map<String, Activation> activations = new HashMap<>();
  private final Map<List<Object>, TokenMask> masks = new LinkedHashMap<>();

  ReadingGraph(OverlayGraph graph, OnnxModel model) {
    this.graph = graph;
    this.model = model;
    mlps = new MlpGraph(graph);
  }

  /** The overlay whose only output is the reading, float {@code [batch, columns + 1]}. */
  byte[] compile(List<SignalGroup> groups, int columns) {
    List<String> parts = new ArrayList<>();
    long[] positions = new long[columns + 1];
    int position = 0;
    for (SignalGroup group : groups) {
      String values = values(group);
      // Two norms of one tap have the same value.
      int width = group.signals().get(0) instanceof ActivationSummary ? 1 : group.columns().size();
      for (int i = 0; i < group.columns().size(); i++) {
        positions[group.columns().get(i)] = position + (long) Math.min(i, width - 1);
      }
      parts.add(values);
      position += width;
    }
    parts.add(tokens(groups.get(0)));
    positions[columns] = position;
    concat(parts, positions);
    graph.output(OverlayCompiler.READING);
    return graph.bytes();
  }

  private String values(SignalGroup group) {
    Activation activation =
        activations.computeIfAbsent(group.tap().tensor().name(), name -> activation(group.tap()));
    TokenMask mask = activation.perToken() ? mask(group.tap(), activation) : null;
    PoolingGraph poolings = new PoolingGraph(graph, mask);
    ProbeGraph probes = new ProbeGraph(graph, poolings, mask);
    Signal first = group.signals().get(0);
    if (first instanceof LinearProbe probe) {
      return probes.logits(activation, probe.pooling(), linear(group));
    }
    if (first instanceof MlpProbe probe) {
      LinearProbe readout = probe.readout();
      return probes.logits(
          mlps.apply(probe.mlp(), activation), readout.pooling(), List.of(readout));
    }
    if (first instanceof AttentionProbe probe) {
      return new AttentionGraph(graph, mask)
          .logit(probe, probe.mlp() == null ? activation : mlps.apply(probe.mlp(), activation));
    }
    return new NormGraph(graph, poolings).meanNorm(activation);
  }

  private static List<LinearProbe> linear(SignalGroup group) {
    return group.signals().stream().map(LinearProbe.class::cast).toList();
  }

  private Activation activation(TapPoint tap) {
    String name = tap.tensor().name();
    boolean single = tap.tensor().type() == ElementType.FLOAT;
    String floats = single ? name : graph.cast(name, ElementType.FLOAT);
    if (tap.layout() == TapPoint.Layout.CHANNELS) {
      // [batch, channels, height, width] has one position per pixel.
      String flat = graph.node("Reshape", List.of(floats, graph.longs(new long[] {0, 0, -1}, 3)));
      floats = graph.node("Transpose", List.of(flat), OverlayGraph.integers("perm", 0, 2, 1));
    }
    return new Activation(floats, tap.perToken());
  }

  private TokenMask mask(TapPoint tap, Activation activation) {
    TokenSource source = model.tokens(tap).source();
    if (source == null) {
      throw new IllegalStateException("tokens are pooled without a mask");
    }
    return masks.computeIfAbsent(
        TokenMask.key(source, activation.tensor()),
        key -> new TokenMask(graph, source, activation.tensor(), 1));
  }

  /** The number of real tokens of each row, float {@code [batch, 1]}. */
  private String tokens(SignalGroup any) {
    if (!masks.isEmpty()) {
      return masks.values().iterator().next().count();
    }
    for (TensorInfo input : model.inputs()) {
      if (input.name().equals(model.maskInput())) {
        return new TokenMask(graph, new TokenSource(input, false), input.name(), 1).count();
      }
    }
    // Without a mask every activation is one token per row.
    String shape = graph.node("Shape", List.of(any.tap().tensor().name()));
    String batch = graph.node("Gather", List.of(shape, graph.longs(new long[] {0}, 1)));
    String column = graph.longs(new long[] {1}, 1);
    String size = graph.node("Concat", List.of(batch, column), OverlayGraph.integer("axis", 0));
    return graph.node("ConstantOfShape", List.of(size), OverlayGraph.oneFloat("value", 1));
  }

  private void concat(List<String> parts, long[] positions) {
    boolean ordered = true;
    for (int i = 0; i < positions.length; i++) {
      ordered &= positions[i] == i;
    }
    if (ordered) {
      graph.node(OverlayCompiler.READING, "Concat", parts, OverlayGraph.integer("axis", 1));
      return;
    }
    String grouped = graph.node("Concat", parts, OverlayGraph.integer("axis", 1));
    graph.node(
        OverlayCompiler.READING,
        "Gather",
        List.of(grouped, graph.longs(positions, positions.length)),
        OverlayGraph.integer("axis", 1));
  }
}
