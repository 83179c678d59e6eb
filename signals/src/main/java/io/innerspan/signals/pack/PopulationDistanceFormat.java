package io.innerspan.signals.pack;

import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.TokenSelection;
import java.io.IOException;

/** {@code population_distance}. */
final class PopulationDistanceFormat extends SignalFormat<PopulationDistance> {
  PopulationDistanceFormat() {
    super("population_distance", PopulationDistance.class);
  }

  @Override
  PopulationDistance read(SignalInput in) throws PackException {
    String id = in.id();
    HookPoint hookPoint = in.hookPoint();
    TokenSelection tokens = in.tokens();
    Pooling pooling = Poolings.read(in);
    double residual = in.fields().number("residual_variance");
    Floats mean = in.vector("mean");
    boolean spherical = !in.fields().has("components") && !in.fields().has("variances");
    Floats variances = spherical ? Floats.none() : in.vector("variances");
    Floats components =
        spherical ? Floats.none() : in.matrix("components", variances.size(), mean.size());
    return in.fields()
        .build(
            () ->
                new PopulationDistance(
                    id, hookPoint, tokens, pooling, mean, components, variances, residual));
  }

  @Override
  void write(PopulationDistance distance, SignalOutput out) throws IOException {
    String id = distance.id();
    out.hookPoint(distance.hookPoint());
    out.tokens(distance.tokens());
    Poolings.write(distance.pooling(), out);
    out.number("residual_variance", distance.residualVariance());
    out.weights("mean", id + ".mean", distance.mean());
    if (!distance.variances().isEmpty()) {
      int rank = distance.variances().size();
      out.weights("variances", id + ".variances", distance.variances());
      out.weights("components", id + ".components", distance.components(), rank, distance.width());
    }
  }
}
