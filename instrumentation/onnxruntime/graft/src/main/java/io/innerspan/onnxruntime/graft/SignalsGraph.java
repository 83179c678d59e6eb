package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.SaeFeatures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Computes signals of every kind in one graph, or in one branch of it. */
final class SignalsGraph {
  private final Scope scope;

  SignalsGraph(Scope scope) {
    this.scope = scope;
  }

  List<Part> compile(List<Placed> signals) {
    List<Part> parts = new ArrayList<>();
    List<Placed> linear =
        some(
            signals,
            each -> each.signal() instanceof LinearProbe || each.signal() instanceof MlpProbe);
    if (!linear.isEmpty()) {
      parts.addAll(new LinearGraph(scope).logits(linear));
    }
    AttentionGraph attention = new AttentionGraph(scope);
    for (Placed placed : signals) {
      if (placed.signal() instanceof AttentionProbe probe) {
        parts.add(new Part(List.of(probe), attention.logit(probe, placed.tap())));
      }
    }
    List<Placed> summaries = some(signals, each -> each.signal() instanceof ActivationSummary);
    if (!summaries.isEmpty()) {
      parts.addAll(new SummaryGraph(scope).values(summaries));
    }
    parts.addAll(
        new SaeGraph(scope).values(some(signals, each -> each.signal() instanceof SaeFeatures)));
    return parts;
  }

  private static List<Placed> some(List<Placed> signals, Predicate<Placed> which) {
    return signals.stream().filter(which).toList();
  }
}
