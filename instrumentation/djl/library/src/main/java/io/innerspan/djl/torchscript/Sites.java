package io.innerspan.djl.torchscript;

import io.innerspan.djl.SignalRefusal;
import io.innerspan.djl.SignalRefusal.Reason;
import io.innerspan.djl.archive.ArchiveRefusedException;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Position;
import io.innerspan.signals.Signal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds hook points in a model: modules by path or by TransformerLens' names, and outputs. */
final class Sites {
  private static final String NO_MASK =
      "no attention mask: forward has no single tensor such as attention_mask or input_mask";

  private final Module root;
  private final Signature signature;
  private final LayerNames layers;
  private final boolean frozen;

  Sites(Module root, Signature signature) {
    this.root = root;
    this.signature = signature;
    this.layers = new LayerNames(root);
    this.frozen = root.type().modules().isEmpty();
  }

  /** The module that a hook point names, or null. */
  @Nullable Module module(HookPoint hookPoint) {
    Module named = layers.find(hookPoint.name());
    if (named != null || LayerNames.isName(hookPoint.name())) {
      return named;
    }
    ModulePath path = ModulePath.of(hookPoint.name());
    return path.names().isEmpty() ? null : root.at(path);
  }

  /** The output that a hook point names, or null. */
  @Nullable String output(HookPoint hookPoint) {
    return signature.output(hookPoint.name(), ScriptNames.PREFIX + "out");
  }

  /** The modules that a signal reads, and why it cannot, or null. */
  @Nullable SignalRefusal refusal(Signal signal) {
    for (HookPoint hookPoint : signal.hookPoints()) {
      Module module = module(hookPoint);
      ScriptMethod forward = module == null ? null : module.forward();
      if (module == null) {
        if (output(hookPoint) == null || !mayBeOutput(signal, hookPoint)) {
          return missing(hookPoint);
        }
      } else if (forward == null || !isReadable(forward.returns())) {
        return SignalRefusal.of(
            Reason.UNSUPPORTED,
            signal,
            "expected a module that gives a tensor, found "
                + (forward == null ? "no forward" : forward.returns()));
      }
    }
    return tokensRefusal(signal);
  }

  /**
   * Outputs without names may have any name for a confidence; others must say that they mean one.
   */
  private static boolean mayBeOutput(Signal signal, HookPoint hookPoint) {
    return signal instanceof OutputConfidence
        || hookPoint.name().equals("output")
        || hookPoint.name().startsWith("output/");
  }

  static boolean isReadable(String type) {
    return type.equals("Tensor") || type.startsWith("Tuple[Tensor");
  }

  private @Nullable SignalRefusal tokensRefusal(Signal signal) {
    if (signature.mask() == null && signature.first() == null) {
      return SignalRefusal.of(
          Reason.UNSUPPORTED, signal, "expected a tensor among the arguments, found none");
    }
    boolean output = signal instanceof OutputConfidence;
    if (signature.mask() == null && signature.ids() != null && !output) {
      return SignalRefusal.of(Reason.NO_ATTENTION_MASK, signal, NO_MASK);
    }
    boolean byId =
        signal instanceof OutputConfidence confidence
            && confidence.position().kind() == Position.Kind.TOKEN_ID;
    if ((byId || !signal.tokens().isAll())
        && (signature.ids() == null || signature.mask() == null)) {
      return SignalRefusal.of(
          Reason.UNSUPPORTED,
          signal,
          "no token ids: forward has no single tensor such as input_ids beside a mask");
    }
    return null;
  }

  private SignalRefusal missing(HookPoint hookPoint) {
    String outputs =
        frozen || LayerNames.isName(hookPoint.name())
            ? ""
            : ", and outputs are " + signature.outputs();
    return new SignalRefusal(Reason.NO_HOOK_POINT, hookPoint + ": " + absence(hookPoint) + outputs);
  }

  /** A model of which a place cannot be read or replaced. */
  static ArchiveRefusedException refused(Path archive, HookPoint at, String found) {
    return new ArchiveRefusedException(
        ArchiveRefusedException.Reason.UNSUPPORTED,
        archive.getFileName()
            + ", "
            + at
            + ": expected a module that gives a tensor, found "
            + found);
  }

  /** Why no module is at a hook point, for people. */
  String absence(HookPoint hookPoint) {
    if (frozen) {
      return "the archive is frozen: its modules are inlined, and only outputs can be read";
    }
    if (LayerNames.isName(hookPoint.name())) {
      return "expected a place after one of " + layers.count() + " layers, found none";
    }
    return "no such module; the root has "
        + String.join(", ", new TreeSet<>(root.type().modules().keySet()));
  }

  /** Where a signal's hook point is read, once modules have numbers. */
  Site site(HookPoint hookPoint, Map<ModulePath, Integer> taps) {
    Module module = module(hookPoint);
    if (module != null) {
      return Site.tap(Objects.requireNonNull(taps.get(module.path())));
    }
    String value = Objects.requireNonNull(output(hookPoint));
    int bracket = value.indexOf("[\"");
    String present =
        signature.isDictionary()
            ? "torch.__contains__("
                + value.substring(0, bracket)
                + ", "
                + value.substring(bracket + 1, value.length() - 1)
                + ")"
            : "";
    return new Site(present, value);
  }

  /** The modules to tap for some signals, numbered. */
  Map<ModulePath, Integer> taps(Iterable<Signal> signals) {
    Map<ModulePath, Integer> taps = new LinkedHashMap<>();
    for (Signal signal : signals) {
      for (HookPoint hookPoint : signal.hookPoints()) {
        Module module = module(hookPoint);
        if (module != null) {
          taps.putIfAbsent(module.path(), taps.size());
        }
      }
    }
    return taps;
  }
}
