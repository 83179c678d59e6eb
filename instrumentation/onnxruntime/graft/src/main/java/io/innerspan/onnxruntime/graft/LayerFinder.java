package io.innerspan.onnxruntime.graft;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Groups the additions to the residual stream into layers: attention first, then feed-forward. */
final class LayerFinder {
  private final GraphIndex graph;
  private final ResidualFinder residuals;

  LayerFinder(GraphIndex graph, NormMatcher norms) {
    this.graph = graph;
    residuals = new ResidualFinder(graph, norms);
  }

  /** The layers in order; empty when the graph is no transformer. */
  List<Layer> find() throws ModelRefusedException {
    if (!residuals.anyAttention()) {
      return List.of();
    }
    List<Residual> all = residuals.find();
    List<List<Residual>> groups = group(all);
    boolean postNorm = isPostNorm(all);
    List<Layer> layers = new ArrayList<>();
    for (List<Residual> group : groups) {
      layers.add(layer(layers.size(), group, postNorm));
    }
    return layers;
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

  private static Layer layer(int index, List<Residual> group, boolean postNorm) {
    Residual attention = group.get(0);
    Residual last = group.get(group.size() - 1);
    List<String> patterns = new ArrayList<>();
    for (Residual residual : group) {
      if (residual.attention()) {
        attention = residual;
        patterns.addAll(residual.patterns());
      }
    }
    @Nullable String mlp = last.attention() ? null : last.branch();
    return new Layer(
        index,
        group.get(0).stream(),
        attention.branch(),
        attention.sum(),
        mlp,
        last.sum(),
        postNorm ? last.normalized() : null,
        patterns);
  }
}
