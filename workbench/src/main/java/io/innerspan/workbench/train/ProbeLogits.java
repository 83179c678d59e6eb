package io.innerspan.workbench.train;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Probe;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.TextModel;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** What the reference mathematics says of a part's rows. */
final class ProbeLogits {
  /** The logits of several probes, {@code [probes][rows]}. */
  static double[][] of(
      TextModel model, List<Probe> probes, PartData part, Progress.Counter progress)
      throws IOException {
    double[][] logits = new double[probes.size()][part.size()];
    List<HookPoint> places = probes.stream().map(Probe::hookPoint).distinct().toList();
    model.visit(
        part.tokens(),
        places,
        progress,
        (text, activations) -> {
          for (int p = 0; p < logits.length; p++) {
            Probe probe = probes.get(p);
            float[][] tokens = activations.get(places.indexOf(probe.hookPoint()));
            boolean[] real = new boolean[tokens.length];
            Arrays.fill(real, true);
            logits[p][text] = ReferenceProbe.logit(probe, tokens, real);
          }
        });
    return logits;
  }

  private ProbeLogits() {}
}
