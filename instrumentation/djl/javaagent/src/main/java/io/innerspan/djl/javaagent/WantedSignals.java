package io.innerspan.djl.javaagent;

import io.innerspan.djl.Gating;
import io.innerspan.djl.SignalRefusal;
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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The signals of the packs for a model.
 *
 * @param gating which gates they lie behind: none those that are wanted for every inference
 */
record WantedSignals(List<Signal> signals, Gating gating) {
  /**
   * The signals for a model, or null when no pack is for it. Packs were read and proven on the
   * other side, whose classes are others.
   */
  static @Nullable WantedSignals of(PredictionObserver observer, String sha256) throws IOException {
    List<PackFiles> packs = observer.packs(sha256);
    if (packs.isEmpty()) {
      return null;
    }
    List<Signal> all = new ArrayList<>();
    List<Signal> gated = new ArrayList<>();
    for (PackFiles files : packs) {
      ProbePack pack = PackContent.read(files.name(), files.files());
      for (Signal signal : pack.signals()) {
        all.add(signal);
        if (!pack.isAlwaysWanted(signal.id())) {
          gated.add(signal);
        }
      }
    }
    return new WantedSignals(all, Gating.byCost(gated));
  }

  /** Whether a layout has a signal that lies behind no gate. */
  static boolean anyAlwaysOpen(ReadingLayout layout) {
    return IntStream.range(0, layout.size())
        .anyMatch(signal -> layout.gate(signal) == ReadingLayout.ALWAYS_OPEN);
  }

  /** What the other side is told of a layout. */
  static ReadSignals read(ReadingLayout layout, Map<String, SignalRefusal> refusals) {
    List<String> ids = new ArrayList<>();
    List<Integer> gates = new ArrayList<>();
    for (int i = 0; i < layout.size(); i++) {
      ids.add(layout.signal(i).id());
      gates.add(layout.gate(i));
    }
    return new ReadSignals(ids, gates, layout.standingGates(), refusals(refusals), null);
  }

  private static Map<String, Refusal> refusals(Map<String, SignalRefusal> refusals) {
    Map<String, Refusal> told = new HashMap<>();
    refusals.forEach((signal, refusal) -> told.put(signal, refusal(refusal)));
    return told;
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
