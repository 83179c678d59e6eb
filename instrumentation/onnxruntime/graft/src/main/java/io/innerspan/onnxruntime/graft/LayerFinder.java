package io.innerspan.onnxruntime.graft;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Groups the additions to each residual stream into layers: attention first, then feed-forward. */
final class LayerFinder {
  private final GraphIndex graph;
  private final ResidualFinder residuals;

  LayerFinder(GraphIndex graph, NormMatcher norms) {
    this.graph = graph;
    residuals = new ResidualFinder(graph, norms);
  }

  /** The stacks of layers in order; empty when the graph is no transformer. */
  List<Stack> find() throws ModelRefusedException {
    if (!residuals.anyAttention()) {
      return List.of();
    }
    List<List<Residual>> streams = StackFinder.split(residuals.find(), graph);
    streams.removeIf(stream -> stream.stream().noneMatch(Residual::attention));
    boolean decodes = streams.stream().filter(LayerFinder::crossAttends).count() == 1;
    List<Stack> stacks = new ArrayList<>();
    for (List<Residual> stream : streams) {
      stacks.add(stack(stream, prefix(stream, stacks.size(), streams.size(), decodes)));
    }
    return stacks;
  }

  private static String prefix(List<Residual> stream, int index, int count, boolean decodes) {
    if (count == 1) {
      return "blocks.";
    }
    if (decodes && count == 2) {
      return crossAttends(stream) ? "decoder." : "encoder.";
    }
    return "stacks." + index + ".blocks.";
  }

  /** Whether a layer attends twice before its feed-forward part: to itself, then to a memory. */
  private static boolean crossAttends(List<Residual> stream) {
    boolean parallel = stream.stream().allMatch(Residual::attention);
    for (int i = 0; i + 1 < stream.size(); i++) {
      if (!parallel && stream.get(i).attention() && stream.get(i + 1).attention()) {
        return true;
      }
    }
    return false;
  }

  private Stack stack(List<Residual> stream, String prefix) {
    boolean postNorm = isPostNorm(stream);
    List<Layer> layers = new ArrayList<>();
    for (List<Residual> group : group(stream)) {
      layers.add(layer(prefix, layers.size(), group, postNorm));
    }
    Residual last = stream.get(stream.size() - 1);
    return new Stack(layers, postNorm ? null : last.normalized(), crossAttends(stream));
  }

  private static List<List<Residual>> group(List<Residual> residuals) {
    // Where attention and feed-forward run in parallel there is one addition per layer.
    boolean parallel = residuals.stream().allMatch(Residual::attention);
    List<List<Residual>> groups = new ArrayList<>();
    boolean complete = true;
    for (Residual residual : residuals) {
      if (residual.attention() && complete) {
        groups.add(new ArrayList<>());
      }
      if (!groups.isEmpty()) {
        groups.get(groups.size() - 1).add(residual);
        complete = parallel || !residual.attention();
      }
    }
    return groups;
  }

  /** By majority: the stream goes on after the normalisation, or around it. */
  private boolean isPostNorm(List<Residual> residuals) {
    int post = 0;
    int pre = 0;
    for (int i = 0; i + 1 < residuals.size(); i++) {
      Residual next = residuals.get(i + 1);
      post += residuals.get(i).feedsNormalized(next, graph) ? 1 : 0;
      pre += residuals.get(i).feedsSum(next, graph) ? 1 : 0;
    }
    return post > pre;
  }

  private Layer layer(String prefix, int index, List<Residual> group, boolean postNorm) {
    Residual self = group.get(0);
    Residual last = group.get(group.size() - 1);
    @Nullable Residual cross = null;
    for (Residual residual : group.subList(1, group.size())) {
      cross = residual.attention() ? residual : cross;
    }
    @Nullable String mlp = last.attention() ? self.mlp() : last.branch();
    boolean atOnce = self.mlp() != null;
    return new Layer(
        prefix + index,
        index,
        self.stream(),
        self.branch(),
        atOnce ? null : self.sum(),
        cross == null ? null : cross.branch(),
        cross == null ? null : cross.sum(),
        mlp,
        mlp == null ? null : new MlpFinder(graph).post(mlp),
        last.sum(),
        postNorm ? last.normalized() : null,
        self.patterns(),
        cross == null ? List.of() : cross.patterns());
  }
}
