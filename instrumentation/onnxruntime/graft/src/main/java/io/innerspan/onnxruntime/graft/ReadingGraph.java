package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the values of all signals and the token count together into one output. */
final class ReadingGraph {
  private final OverlayGraph graph;
  private final @Nullable TokenMask mask;
  private final ProbeGraph probes;
  private final MlpGraph mlps;
  private final AttentionGraph attentions;
  private final NormGraph norms;
  private final Map<String, Activation> activations = new HashMap<>();

  ReadingGraph(OverlayGraph graph, @Nullable TensorInfo mask) {
    this.graph = graph;
    this.mask = mask == null ? null : new TokenMask(graph, mask);
    PoolingGraph poolings = new PoolingGraph(graph, this.mask);
    probes = new ProbeGraph(graph, poolings, this.mask);
    mlps = new MlpGraph(graph);
    attentions = new AttentionGraph(graph, this.mask);
    norms = new NormGraph(graph, poolings);
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
      return attentions.logit(
          probe, probe.mlp() == null ? activation : mlps.apply(probe.mlp(), activation));
    }
    return norms.meanNorm(activation);
  }

  private static List<LinearProbe> linear(SignalGroup group) {
    return group.signals().stream().map(LinearProbe.class::cast).toList();
  }

  private Activation activation(TapPoint tap) {
    String name = tap.tensor().name();
    boolean single = tap.tensor().type() == ElementType.FLOAT;
    return new Activation(
        single ? name : graph.cast(name, ElementType.FLOAT), Admission.isPerToken(tap));
  }

  private String tokens(SignalGroup any) {
    if (mask != null) {
      return mask.count();
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
