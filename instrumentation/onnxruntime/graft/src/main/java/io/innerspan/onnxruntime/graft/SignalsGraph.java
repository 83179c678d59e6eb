package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Probe;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Computes signals of every kind in one graph, or in one branch of it. */
final class SignalsGraph {
  private final Scope scope;

  SignalsGraph(Scope scope) {
    this.scope = scope;
  }

  /** Why a signal cannot be compiled into a model, or null. */
  static @Nullable SignalRefusal refusal(Placed placed, Host host) {
    Signal signal = placed.signal();
    // Signal is sealed; patterns in switch come with a later Java.
    if (signal instanceof AttentionProbe) {
      return AttentionGraph.refusal(placed, host);
    }
    if (signal instanceof Probe) {
      return LinearGraph.refusal(placed, host);
    }
    if (signal instanceof ActivationSummary) {
      return SummaryGraph.refusal(placed, host);
    }
    if (signal instanceof AttentionSummary) {
      return AttentionSummaryGraph.refusal(placed, host);
    }
    if (signal instanceof LayerLens) {
      return LensGraph.refusal(placed, host);
    }
    if (signal instanceof SaeFeatures) {
      return SaeGraph.refusal(placed, host);
    }
    if (signal instanceof OutputConfidence) {
      return ConfidenceGraph.refusal(placed, host);
    }
    if (signal instanceof PopulationDistance) {
      return DistanceGraph.refusal(placed, host);
    }
    return Host.unsupported(signal, "unknown kind of signal " + signal.getClass());
  }

  List<Part> compile(List<Placed> signals) {
    List<Part> parts = new ArrayList<>();
    AttentionGraph attention = new AttentionGraph(scope);
    Predicate<Signal> heads = AttentionProbe.class::isInstance;
    add(
        parts,
        signals,
        heads.negate().and(Probe.class::isInstance),
        some -> new LinearGraph(scope).logits(some));
    add(parts, signals, heads, each(attention::logit));
    add(
        parts,
        signals,
        ActivationSummary.class::isInstance,
        some -> new SummaryGraph(scope).values(some));
    add(
        parts,
        signals,
        AttentionSummary.class::isInstance,
        each(new AttentionSummaryGraph(scope)::values));
    add(parts, signals, LayerLens.class::isInstance, each(new LensGraph(scope)::values));
    add(parts, signals, SaeFeatures.class::isInstance, each(new SaeGraph(scope)::values));
    add(
        parts,
        signals,
        OutputConfidence.class::isInstance,
        each(new ConfidenceGraph(scope)::values));
    add(
        parts,
        signals,
        PopulationDistance.class::isInstance,
        each(new DistanceGraph(scope)::value));
    return parts;
  }

  private static void add(
      List<Part> parts,
      List<Placed> signals,
      Predicate<Signal> which,
      Function<List<Placed>, List<Part>> compiler) {
    List<Placed> some = signals.stream().filter(each -> which.test(each.signal())).toList();
    if (!some.isEmpty()) {
      parts.addAll(compiler.apply(some));
    }
  }

  /** Of a kind whose signals share nothing but their scope. */
  private static Function<List<Placed>, List<Part>> each(Function<Placed, String> compiler) {
    return some ->
        some.stream()
            .map(placed -> new Part(List.of(placed.signal()), compiler.apply(placed)))
            .toList();
  }
}
