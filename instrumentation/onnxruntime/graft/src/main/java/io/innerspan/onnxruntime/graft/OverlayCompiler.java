package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Signal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  private OverlayCompiler() {}

  /**
   * Compiles signals; one that does not fit the model is refused with a reason and the others stay.
   *
   * @param signals what to compute, with unique ids, in the order of the reading's columns
   * @param excludedTaps tensors that must not be tapped, because certification found that a tap
   *     there changes the application's outputs
   * @return the overlay; an empty one when every signal was refused
   * @throws IllegalArgumentException when two signals have the same id
   */
  public static Overlay compile(OnnxModel model, List<Signal> signals, Set<String> excludedTaps) {
    requireUniqueIds(signals);
    TensorInfo mask = mask(model);
    Admission admission = new Admission(model, excludedTaps);
    Map<String, SignalRefusal> refusals = new LinkedHashMap<>();
    List<Signal> columns = new ArrayList<>();
    List<TapPoint> taps = new ArrayList<>();
    for (Signal signal : signals) {
      TapPoint tap = model.resolve(signal.hookPoint());
      SignalRefusal refusal = admission.refusal(signal, tap);
      if (refusal != null) {
        refusals.put(signal.id(), refusal);
      } else if (tap != null) {
        columns.add(signal);
        taps.add(tap);
      }
    }
    if (columns.isEmpty()) {
      return new Overlay(new byte[0], READING, List.of(), List.of(), null, refusals);
    }
    ReadingGraph reading = new ReadingGraph(new OverlayGraph(model.opset()), model);
    byte[] bytes = reading.compile(groups(columns, taps), columns.size());
    return new Overlay(
        bytes, READING, columns, names(taps), mask == null ? null : mask.name(), refusals);
  }

  /**
   * Makes activations themselves outputs of the model, to be captured; an activation that is an
   * output already is found under its own name.
   */
  public static Exposure expose(OnnxModel model, List<HookPoint> hookPoints) {
    OverlayGraph graph = new OverlayGraph(model.opset());
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

  private static @Nullable TensorInfo mask(OnnxModel model) {
    String name = model.maskInput();
    for (TensorInfo input : model.inputs()) {
      if (input.name().equals(name)) {
        return input;
      }
    }
    return null;
  }

  private static List<SignalGroup> groups(List<Signal> columns, List<TapPoint> taps) {
    Map<List<Object>, SignalGroup> groups = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      TapPoint tap = taps.get(i);
      List<Object> key = List.of(tap.tensor().name(), SignalGroup.kind(columns.get(i)));
      groups.computeIfAbsent(key, any -> new SignalGroup(tap)).add(i, columns.get(i));
    }
    return List.copyOf(groups.values());
  }

  private static List<String> names(List<TapPoint> taps) {
    return taps.stream().map(tap -> tap.tensor().name()).distinct().toList();
  }
}
