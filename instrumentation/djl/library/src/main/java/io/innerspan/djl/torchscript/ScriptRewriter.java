package io.innerspan.djl.torchscript;

import io.innerspan.djl.Gating;
import io.innerspan.djl.SignalRefusal;
import io.innerspan.djl.SignalRefusal.Reason;
import io.innerspan.djl.archive.ArchiveRefusedException;
import io.innerspan.djl.archive.ScriptArchive;
import io.innerspan.djl.maths.SignalNeeds;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds to an archive a method that runs the model and computes signals, beside the methods that
 * were there, which stay as they are.
 */
public final class ScriptRewriter {
  /** Rounds of leaving out signals whose modules turn out never to be called. */
  private static final int ROUNDS = 2;

  /**
   * Rewrites an archive.
   *
   * @param archive the original, which is only read
   * @param target the file to write; not written when every signal is refused
   * @param signals with ids that differ
   * @throws ArchiveRefusedException when the archive is none, or not understood: the application
   *     must load the original
   */
  public static RewrittenScript rewrite(
      Path archive, Path target, List<Signal> signals, Gating gating)
      throws IOException, ArchiveRefusedException {
    try (ScriptArchive original = ScriptArchive.open(archive)) {
      ScriptModel model = ScriptModel.of(original);
      Map<String, SignalRefusal> refusals = new LinkedHashMap<>();
      Signature signature = Signature.of(model.forward());
      Plan plan = plan(model, signals, gating, refusals);
      if (plan == null) {
        return new RewrittenScript(
            new ReadingLayout(List.of()),
            refusals,
            new float[0],
            List.of(),
            signature.inputs(),
            false,
            false);
      }
      ScriptWeights weights = new ScriptWeights();
      List<String> capture =
          new CaptureWriter(model.root(), model.forward(), signature, weights)
              .write(plan.units(), plan.variant());
      model.write(target, List.of(plan.variants()), capture);
      return new RewrittenScript(
          layout(plan.units(), gating),
          refusals,
          weights.toArray(),
          plan.units().stream().map(Unit::signals).toList(),
          signature.inputs(),
          model.code().isRepeatable(),
          model.code().isRandom());
    }
  }

  /** What to write: units, the copies of methods, and the copy of forward if there is one. */
  private record Plan(
      List<Unit> units, Map<String, List<String>> variants, @Nullable String variant) {}

  private static @Nullable Plan plan(
      ScriptModel model, List<Signal> signals, Gating gating, Map<String, SignalRefusal> refusals) {
    Sites sites = new Sites(model.root(), Signature.of(model.forward()));
    List<Signal> left = new ArrayList<>();
    for (Signal signal : signals) {
      SignalRefusal refusal = SignalNeeds.refusal(signal);
      refusal = refusal == null ? sites.refusal(signal) : refusal;
      if (refusal == null) {
        left.add(signal);
      } else {
        refusals.put(signal.id(), refusal);
      }
    }
    for (int round = 0; round < ROUNDS && !left.isEmpty(); round++) {
      Map<ModulePath, Integer> taps = sites.taps(left);
      Variants variants = new Variants(taps, model.tapping(), "");
      String variant = variants.of(model.root(), "forward");
      List<Signal> unreached = unreached(left, sites, variants.reached());
      if (unreached.isEmpty()) {
        return new Plan(Units.of(left, sites, taps, gating), variants.methods(), variant);
      }
      for (Signal signal : unreached) {
        refusals.put(
            signal.id(),
            SignalRefusal.of(
                Reason.NO_HOOK_POINT,
                signal,
                "expected a module that forward calls, found one that it does not"));
      }
      left.removeAll(unreached);
    }
    return null;
  }

  private static List<Signal> unreached(
      List<Signal> signals, Sites sites, Set<ModulePath> reached) {
    return signals.stream()
        .filter(signal -> !reached.containsAll(sites.taps(List.of(signal)).keySet()))
        .toList();
  }

  private static ReadingLayout layout(List<Unit> units, Gating gating) {
    List<Signal> ordered = units.stream().flatMap(unit -> unit.signals().stream()).toList();
    return new ReadingLayout(ordered, ordered.stream().map(gating::of).toList(), gating.standing());
  }

  private ScriptRewriter() {}
}
