package io.innerspan.extension;

import io.innerspan.onnxruntime.graft.Gating;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.signals.pack.ProbePack;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A scanned model, and the plan of what was last grafted onto it. Thread-safe. */
final class KnownModel {
  /** Plans whose overlay is larger are not kept. */
  private static final int LARGEST = 4 << 20;

  private record Planned(List<ProbePack> packs, Gating gating, GraftPlan plan) {}

  private final OnnxModel model;
  private volatile @Nullable Planned last;

  KnownModel(OnnxModel model) {
    this.model = model;
  }

  OnnxModel model() {
    return model;
  }

  /** The plan for packs: their signals are compiled unless they were the last time. */
  GraftPlan plan(List<ProbePack> packs, Gating gating) {
    Planned planned = last;
    if (planned != null && planned.gating() == gating && planned.packs().equals(packs)) {
      return planned.plan();
    }
    GraftPlan plan = GraftPlan.of(model, packs, gating, Set.of());
    if (plan.overlay().bytes().length <= LARGEST) {
      last = new Planned(List.copyOf(packs), gating, plan);
    }
    return plan;
  }
}
