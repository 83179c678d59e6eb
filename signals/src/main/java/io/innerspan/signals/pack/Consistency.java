package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.signals.safetensors.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold between the parts of a pack. */
final class Consistency {
  static void check(
      List<Signal> signals,
      List<GoldenActivation> activations,
      List<GoldenInput> inputs,
      Map<String, ProbeReport> reports) {
    if (signals.isEmpty()) {
      throw new InvalidValueException("signals", "at least 1", "0");
    }
    Map<String, Probe> probes = new HashMap<>();
    Set<String> ids = new HashSet<>();
    for (Signal signal : signals) {
      if (!ids.add(signal.id())) {
        throw new InvalidValueException(
            "signals", "ids that differ", "'" + signal.id() + "' twice");
      }
      if (signal instanceof Probe probe) {
        probes.put(probe.id(), probe);
      }
    }
    checkActivations(probes, activations);
    checkInputs(probes.keySet(), inputs);
    checkValues(signals, inputs);
    for (Signal signal : signals) {
      if (signal instanceof OutputConfidence confidence && confidence.disagreement() != null) {
        known(probes, confidence.disagreement().probe(), "disagreement");
      }
    }
    reports.forEach((id, report) -> checkReport(known(probes, id, "reports"), report));
  }

  static void checkCanaries(List<Signal> signals, List<Canary> canaries) {
    if (canaries.size() > Canary.MOST) {
      throw new InvalidValueException("canaries", "at most " + Canary.MOST, canaries.size());
    }
    Set<String> probes = new HashSet<>();
    for (Signal signal : signals) {
      if (signal instanceof Probe) {
        probes.add(signal.id());
      }
    }
    Set<String> ids = new HashSet<>();
    for (Canary canary : canaries) {
      if (!ids.add(canary.id())) {
        throw new InvalidValueException(
            "canaries", "ids that differ", "'" + canary.id() + "' twice");
      }
      for (GoldenInput reading : canary.readings().values()) {
        for (String id : reading.logits().keySet()) {
          if (!probes.contains(id)) {
            throw unknown(id, "canary '" + canary.id() + "'");
          }
        }
        checkValues("canary '" + canary.id() + "'", signals, reading);
      }
    }
  }

  static void checkSampling(List<Signal> signals, Map<String, Sampling> sampling) {
    Set<String> unknown = new HashSet<>(sampling.keySet());
    signals.forEach(signal -> unknown.remove(signal.id()));
    if (!unknown.isEmpty()) {
      throw new InvalidValueException(
          "sampling", "ids of the pack's signals", "'" + min(unknown) + "'");
    }
  }

  private static void checkReport(Probe probe, ProbeReport report) {
    if (probe.threshold() == null && !report.otherThresholds().isEmpty()) {
      throw new InvalidValueException(
          "reports", "other thresholds beside the probe's own", "none in '" + probe.id() + "'");
    }
  }

  private static void checkActivations(
      Map<String, Probe> probes, List<GoldenActivation> activations) {
    Set<String> missing = new HashSet<>(probes.keySet());
    for (GoldenActivation golden : activations) {
      Probe probe = known(probes, golden.probe(), "golden activations");
      if (!missing.remove(golden.probe())) {
        throw new InvalidValueException(
            "golden activations", "one set per probe", "two of '" + golden.probe() + "'");
      }
      recompute(probe, golden);
    }
    requireNone(missing, "golden activations");
  }

  /** Golden logits are recomputed by the reference mathematics: activation → logit. */
  static void recompute(Probe probe, GoldenActivation golden) {
    int width = probe.width();
    if (golden.x().dim(1) != width) {
      throw new InvalidValueException(
          "golden.x of '" + probe.id() + "'", "the shape [n, " + width + "]", golden.x());
    }
    float[] x = golden.x().toFloats();
    float[] logits = golden.logit().toFloats();
    for (int row = 0; row < logits.length; row++) {
      float[] activation = Arrays.copyOfRange(x, row * width, (row + 1) * width);
      double recomputed = ReferenceProbe.logit(probe, activation);
      if (!Tolerance.FP32.agrees(logits[row], recomputed)) {
        throw new InvalidValueException(
            "golden.logit of '" + probe.id() + "'[" + row + "]",
            "the recomputed "
                + recomputed
                + " within "
                + (float) Tolerance.FP32.allowed(recomputed)
                + " of it",
            logits[row]);
      }
    }
  }

  private static void checkInputs(Set<String> probes, List<GoldenInput> inputs) {
    Set<String> missing = new HashSet<>(probes);
    for (GoldenInput input : inputs) {
      for (String id : input.logits().keySet()) {
        if (!probes.contains(id)) {
          throw unknown(id, "golden_inputs");
        }
        missing.remove(id);
      }
    }
    requireNone(missing, "golden_inputs");
  }

  private static void checkValues(List<Signal> signals, List<GoldenInput> inputs) {
    for (GoldenInput input : inputs) {
      checkValues("golden_inputs", signals, input);
    }
  }

  private static void checkValues(String what, List<Signal> signals, GoldenInput input) {
    Set<String> unknown = new HashSet<>(input.values().keySet());
    for (Signal signal : signals) {
      Tensor values = input.values().get(signal.id());
      if (values != null && !(signal instanceof Probe)) {
        unknown.remove(signal.id());
        int columns = signal.columnNames().size();
        if (values.dim(1) != columns) {
          throw new InvalidValueException(
              "golden values of '" + signal.id() + "'",
              "the shape [" + input.rows() + ", " + columns + "]",
              values);
        }
      }
    }
    if (!unknown.isEmpty()) {
      throw new InvalidValueException(
          what, "values of the pack's signals other than probes", "'" + min(unknown) + "'");
    }
  }

  private static void requireNone(Set<String> missing, String what) {
    if (!missing.isEmpty()) {
      throw new InvalidValueException(
          what, "logits of every probe", "none of '" + min(missing) + "'");
    }
  }

  private static @Nullable String min(Set<String> ids) {
    return ids.stream().min(String::compareTo).orElse(null);
  }

  private static Probe known(Map<String, Probe> probes, String id, String what) {
    Probe probe = probes.get(id);
    if (probe == null) {
      throw unknown(id, what);
    }
    return probe;
  }

  private static InvalidValueException unknown(String id, String what) {
    return new InvalidValueException(what, "ids of the pack's probes", "'" + id + "'");
  }

  private Consistency() {}
}
