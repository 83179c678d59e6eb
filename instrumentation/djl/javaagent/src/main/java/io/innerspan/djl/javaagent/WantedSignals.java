package io.innerspan.djl.javaagent;

import io.innerspan.djl.Gating;
import io.innerspan.djl.SignalRefusal;
import io.innerspan.djl.golden.GoldenProof;
import io.innerspan.djl.outputs.OutputForm;
import io.innerspan.djl.outputs.OutputSignals;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.PackContent;
import io.innerspan.signals.pack.ProbePack;
import io.opentelemetry.javaagent.innerspan.bridge.PackFiles;
import io.opentelemetry.javaagent.innerspan.bridge.PredictionObserver;
import io.opentelemetry.javaagent.innerspan.bridge.ReadSignals;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The signals of the packs for a model that are to be read. Immutable.
 *
 * @param packs those that no golden input of theirs contradicts, as far as is known
 * @param leftOut by signal id, why a signal of these packs is not read
 * @param contradictions by the name of another pack, which golden input contradicts it
 */
record WantedSignals(
    List<ProbePack> packs, Map<String, SignalRefusal> leftOut, Map<String, String> contradictions) {
  /** No signal of any pack. */
  static final WantedSignals NONE = new WantedSignals(List.of(), Map.of(), Map.of());

  WantedSignals {
    packs = List.copyOf(packs);
    leftOut = Map.copyOf(leftOut);
    contradictions = Map.copyOf(contradictions);
  }

  /**
   * The signals for a model, or null when no pack is for it. Packs were read and proven on the
   * other side, whose classes are others.
   */
  static @Nullable WantedSignals of(PredictionObserver observer, String sha256) throws IOException {
    List<PackFiles> files = observer.packs(sha256);
    if (files.isEmpty()) {
      return null;
    }
    List<ProbePack> packs = new ArrayList<>();
    for (PackFiles each : files) {
      packs.add(PackContent.read(each.name(), each.files()));
    }
    return new WantedSignals(packs, Map.of(), Map.of());
  }

  List<Signal> signals() {
    return packs.stream()
        .flatMap(pack -> pack.signals().stream())
        .filter(signal -> !leftOut.containsKey(signal.id()))
        .toList();
  }

  /** Which gates they lie behind: none those that are wanted for every inference. */
  Gating gating() {
    Set<String> always =
        packs.stream()
            .flatMap(pack -> pack.signals().stream().map(Signal::id).filter(pack::isAlwaysWanted))
            .collect(Collectors.toSet());
    return Gating.byCost(
        signals().stream().filter(signal -> !always.contains(signal.id())).toList());
  }

  /** Those of them that outputs alone tell. */
  OutputSignals ofOutputs(String closed, OutputForm form) {
    Set<String> golden =
        packs.stream()
            .flatMap(pack -> pack.goldenInputs().stream())
            .flatMap(input -> input.values().keySet().stream())
            .collect(Collectors.toSet());
    return OutputSignals.of(signals(), golden, gating(), closed, form);
  }

  /** Without what golden inputs speak against. */
  WantedSignals without(GoldenProof proof) {
    Map<String, String> against = new HashMap<>(contradictions);
    against.putAll(proof.contradictions());
    List<ProbePack> left =
        packs.stream().filter(pack -> !against.containsKey(pack.label())).toList();
    Map<String, SignalRefusal> misfits = new HashMap<>(leftOut);
    misfits.putAll(proof.misfits());
    misfits.keySet().retainAll(ids(left));
    return new WantedSignals(left, misfits, against);
  }

  private static Set<String> ids(List<ProbePack> packs) {
    return packs.stream()
        .flatMap(pack -> pack.signals().stream().map(Signal::id))
        .collect(Collectors.toSet());
  }

  /** Whether a layout has a signal that lies behind no gate. */
  static boolean anyAlwaysOpen(ReadingLayout layout) {
    return IntStream.range(0, layout.size())
        .anyMatch(signal -> layout.gate(signal) == ReadingLayout.ALWAYS_OPEN);
  }

  /**
   * What the other side is told of a layout.
   *
   * @param refusals why signals that are wanted have no columns in it
   */
  ReadSignals read(ReadingLayout layout, Map<String, SignalRefusal> refusals) {
    List<String> ids = new ArrayList<>();
    List<Integer> gates = new ArrayList<>();
    for (int i = 0; i < layout.size(); i++) {
      ids.add(layout.signal(i).id());
      gates.add(layout.gate(i));
    }
    Map<String, Refusal> told = new HashMap<>();
    leftOut.forEach((signal, refusal) -> told.put(signal, refusal(refusal)));
    refusals.forEach((signal, refusal) -> told.put(signal, refusal(refusal)));
    return new ReadSignals(ids, gates, layout.standingGates(), told, contradictions, null);
  }

  /** The same where there is one reason why nothing is read. */
  ReadSignals none(Refusal refusal) {
    return new ReadSignals(List.of(), List.of(), 0, Map.of(), contradictions, refusal);
  }

  /** What the other side is told of a refusal. */
  static Refusal refusal(SignalRefusal refusal) {
    Refusal.Reason reason =
        switch (refusal.reason()) {
          case NO_HOOK_POINT -> Refusal.Reason.NO_HOOK_POINT;
          case NO_ATTENTION_MASK -> Refusal.Reason.NO_ATTENTION_MASK;
          case UNSUPPORTED -> Refusal.Reason.UNSUPPORTED_MODEL;
        };
    return new Refusal(reason, refusal.detail());
  }
}
