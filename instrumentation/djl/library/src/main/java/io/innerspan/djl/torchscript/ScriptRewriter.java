package io.innerspan.djl.torchscript;

import io.innerspan.djl.Gating;
import io.innerspan.djl.SignalRefusal;
import io.innerspan.djl.SignalRefusal.Reason;
import io.innerspan.djl.archive.ArchiveRefusedException;
import io.innerspan.djl.archive.ScriptArchive;
import io.innerspan.djl.maths.SignalMaths;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
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
      ScriptCode code = new ScriptCode(original.sources());
      ScriptClass type = code.classes().get(original.rootClass());
      ScriptMethod forward = type == null ? null : type.methods().get("forward");
      if (type == null || forward == null) {
        throw unsupported(archive, "expected a module with forward, found " + original.rootClass());
      }
      if (code.contains(ScriptNames.PREFIX)) {
        throw unsupported(archive, "expected an original, found an archive that was rewritten");
      }
      Module root = new Module(ModulePath.ROOT, type, code.classes());
      Map<String, SignalRefusal> refusals = new LinkedHashMap<>();
      Map<String, List<String>> methods = new LinkedHashMap<>();
      Plan plan = plan(root, forward, code.changesInPlace(), signals, gating, refusals);
      if (plan == null) {
        return new RewrittenScript(new ReadingLayout(List.of()), refusals, new float[0], List.of());
      }
      methods.putAll(plan.variants());
      ScriptWeights weights = new ScriptWeights();
      List<String> capture = new ArrayList<>(methods.getOrDefault(type.name(), List.of()));
      capture.addAll(
          new CaptureWriter(root, forward, Signature.of(forward), weights)
              .write(plan.units(), plan.variant()));
      methods.put(type.name(), capture);
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
        original.copy(out, code.with(methods));
      }
      return new RewrittenScript(
          layout(plan.units(), gating),
          refusals,
          weights.toArray(),
          plan.units().stream().map(Unit::signals).toList());
    }
  }

  /** What to write: units, the copies of methods, and the copy of forward if there is one. */
  private record Plan(
      List<Unit> units, Map<String, List<String>> variants, @Nullable String variant) {}

  private static @Nullable Plan plan(
      Module root,
      ScriptMethod forward,
      boolean copy,
      List<Signal> signals,
      Gating gating,
      Map<String, SignalRefusal> refusals) {
    Sites sites = new Sites(root, Signature.of(forward));
    List<Signal> left = new ArrayList<>();
    for (Signal signal : signals) {
      SignalRefusal refusal = SignalMaths.refusal(signal);
      refusal = refusal == null ? sites.refusal(signal) : refusal;
      if (refusal == null) {
        left.add(signal);
      } else {
        refusals.put(signal.id(), refusal);
      }
    }
    for (int round = 0; round < ROUNDS && !left.isEmpty(); round++) {
      Map<ModulePath, Integer> taps = sites.taps(left);
      Variants variants = new Variants(taps, copy);
      String variant = variants.of(root, "forward");
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

  private static ArchiveRefusedException unsupported(Path archive, String detail) {
    return new ArchiveRefusedException(
        ArchiveRefusedException.Reason.UNSUPPORTED, archive.getFileName() + ": " + detail);
  }

  private ScriptRewriter() {}
}
