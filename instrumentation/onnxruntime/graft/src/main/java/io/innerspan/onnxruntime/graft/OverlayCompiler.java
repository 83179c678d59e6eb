package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compiles signals into bytes that, appended to a model's bytes, make its graph compute them.
 *
 * <p>The Protocol Buffers format merges by concatenation: the model's bytes followed by the
 * overlay's are one model with the overlay's nodes, initializers and outputs after its own. Nothing
 * of the model is parsed again, copied or changed.
 */
public final class OverlayCompiler {
  /** The hidden output's name. */
  public static final String READING = ModelReader.PREFIX + "reading";

  /**
   * The hidden input's name, there with at least one gate: bool {@code [gates + 2]}. Element {@code
   * g + 1} opens gate g; the first element must be true as well for any gate but the {@linkplain
   * Overlay#standingGates() standing} ones, and the last one for any gate at all.
   */
  public static final String GATES = ModelReader.PREFIX + "gates";

  private OverlayCompiler() {}

  /** Compiles signals without gates. */
  public static Overlay compile(OnnxModel model, List<Signal> signals, Set<String> excludedTaps) {
    return compile(model, signals, excludedTaps, Gating.NONE);
  }

  /**
   * Compiles signals; one that does not fit the model is refused with a reason and the others stay.
   *
   * @param signals what to compute, with unique ids
   * @param excludedTaps tensors that must not be tapped, because certification found that a tap
   *     there changes the application's outputs
   * @param gating which signals can be switched off
   * @return the overlay; an empty one when every signal was refused
   * @throws IllegalArgumentException when two signals have the same id
   */
  public static Overlay compile(
      OnnxModel model, List<Signal> signals, Set<String> excludedTaps, Gating gating) {
    requireUniqueIds(signals);
    Host host = Host.of(model);
    Admission admission = new Admission(host, excludedTaps);
    Map<String, SignalRefusal> refusals = new LinkedHashMap<>();
    List<Placed> open = new ArrayList<>();
    List<Placed> gated = new ArrayList<>();
    for (Signal signal : signals) {
      List<@Nullable TapPoint> taps = new ArrayList<>();
      signal.hookPoints().forEach(hookPoint -> taps.add(model.resolve(hookPoint)));
      SignalRefusal refusal = admission.refusal(signal, taps);
      if (refusal != null) {
        refusals.put(signal.id(), refusal);
      } else {
        List<TapPoint> found = taps.stream().map(Objects::requireNonNull).toList();
        (gating.isGated(signal) ? gated : open).add(new Placed(signal, found));
      }
    }
    if (open.isEmpty() && gated.isEmpty()) {
      return new Overlay(new byte[0], READING, List.of(), List.of(), 0, List.of(), null, refusals);
    }
    OverlayGraph graph = new OverlayGraph(model, anySizedByData(model, open, gated));
    Gates gates = Gates.of(gated);
    List<Part> parts = new ReadingGraph(graph, host).compile(open, gates);
    List<Signal> compiled = parts.stream().flatMap(part -> part.signals().stream()).toList();
    Set<String> taps = new LinkedHashSet<>();
    Stream.of(open, gated)
        .flatMap(List::stream)
        .flatMap(placed -> placed.taps().stream())
        .forEach(tap -> taps.add(tap.tensor().name()));
    return new Overlay(
        graph.bytes(),
        READING,
        compiled,
        gates(compiled, gates.bySignal()),
        gates.standing().size(),
        List.copyOf(taps),
        model.maskInput(),
        refusals);
  }

  private static boolean anySizedByData(OnnxModel model, List<Placed> open, List<Placed> gated) {
    return Stream.of(open, gated)
        .flatMap(List::stream)
        .flatMap(placed -> placed.taps().stream())
        .anyMatch(model::isSizedByData);
  }

  private static List<Integer> gates(List<Signal> compiled, Map<String, Integer> gateOf) {
    return compiled.stream()
        .map(signal -> gateOf.getOrDefault(signal.id(), ReadingLayout.ALWAYS_OPEN))
        .toList();
  }

  /**
   * Makes activations themselves outputs of the model, to be captured; an activation that is an
   * output already is found under its own name.
   */
  public static Exposure expose(OnnxModel model, List<HookPoint> hookPoints) {
    OverlayGraph graph = new OverlayGraph(model, false);
    Map<HookPoint, String> outputs = new LinkedHashMap<>();
    Map<HookPoint, String> refusals = new LinkedHashMap<>();
    Set<String> added = new LinkedHashSet<>();
    for (HookPoint hookPoint : hookPoints) {
      TapPoint tap = model.resolve(hookPoint);
      String refusal = exposureRefusal(model, hookPoint, tap);
      if (refusal != null || tap == null) {
        refusals.put(hookPoint, String.valueOf(refusal));
        continue;
      }
      String tensor = tap.tensor().name();
      outputs.put(hookPoint, tensor);
      if (!model.isOutput(tensor) && added.add(tensor)) {
        graph.output(tensor);
      }
    }
    return new Exposure(added.isEmpty() ? new byte[0] : graph.bytes(), outputs, refusals);
  }

  private static @Nullable String exposureRefusal(
      OnnxModel model, HookPoint hookPoint, @Nullable TapPoint tap) {
    if (tap == null) {
      return model.missing(hookPoint);
    }
    if (model.inputs().stream().anyMatch(input -> input.name().equals(tap.tensor().name()))) {
      return hookPoint + ": an input of the model";
    }
    return tap.usable() ? null : hookPoint + ": " + tap.note();
  }

  private static void requireUniqueIds(List<Signal> signals) {
    Set<String> ids = new HashSet<>();
    for (Signal signal : signals) {
      if (!ids.add(signal.id())) {
        throw new IllegalArgumentException("two signals have the id " + signal.id());
      }
    }
  }
}
