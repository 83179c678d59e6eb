package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.monitor.InvalidMonitorException;
import io.innerspan.signals.monitor.Monitors;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A versioned bundle of signals for one model, with what proves them. Immutable; always consistent:
 * ids differ, every probe has golden activations of its own width that it agrees with and a golden
 * input that covers it.
 *
 * @param name the pack's name
 * @param version the pack's semantic version
 * @param digest the pack's identity: the SHA-256 of its manifest in lowercase hexadecimal
 * @param licence an SPDX expression, or other words
 * @param description for people, or null
 * @param model the model that the pack is for
 * @param tokenizer the tokenizer that it was trained with, or null
 * @param signals at least one, in the manifest's order
 * @param sampling how often signals are wanted, by id; {@link Sampling#AUTO} is left out
 * @param goldenActivations one per probe
 * @param goldenInputs inputs for the live session; together they cover every probe
 * @param canaries recorded inputs that are replayed on the live session
 * @param reports what is known of probes, by id; empty reports are left out
 * @param trainingData what the probes were trained on, or null
 * @param evaluation metrics of the pack as a whole, by name
 * @param monitors what is watched for, with the baselines that it needs
 */
public record ProbePack(
    String name,
    String version,
    String digest,
    String licence,
    @Nullable String description,
    ModelIdentity model,
    @Nullable TokenizerIdentity tokenizer,
    List<Signal> signals,
    Map<String, Sampling> sampling,
    List<GoldenActivation> goldenActivations,
    List<GoldenInput> goldenInputs,
    List<Canary> canaries,
    Map<String, ProbeReport> reports,
    @Nullable TrainingData trainingData,
    Map<String, Metric> evaluation,
    Monitors monitors) {
  public ProbePack {
    Formats.check("name", Formats.NAME, name);
    Formats.check("version", Formats.SEMVER, version);
    Formats.check("digest", Formats.SHA256, digest);
    Formats.text("licence", licence);
    if (description != null) {
      Formats.text("description", description);
    }
    signals = List.copyOf(signals);
    goldenActivations = List.copyOf(goldenActivations);
    goldenInputs = List.copyOf(goldenInputs);
    canaries = List.copyOf(canaries);
    Map<String, Sampling> wanted = new TreeMap<>(sampling);
    wanted.values().removeIf(Sampling.AUTO::equals);
    sampling = Collections.unmodifiableMap(wanted);
    Map<String, ProbeReport> known = new TreeMap<>(reports);
    known.values().removeIf(ProbeReport.EMPTY::equals);
    reports = Collections.unmodifiableMap(known);
    evaluation = ProbeReport.sorted("evaluation", evaluation);
    Consistency.check(signals, goldenActivations, goldenInputs, reports);
    Consistency.checkCanaries(signals, canaries);
    Consistency.checkSampling(signals, sampling);
    try {
      monitors.check(signals, model.sha256());
    } catch (InvalidMonitorException fault) {
      throw fault.fault();
    }
  }

  /** The same pack, by its digest too, with other monitors. */
  public ProbePack withMonitors(Monitors others) {
    return new ProbePack(
        name,
        version,
        digest,
        licence,
        description,
        model,
        tokenizer,
        signals,
        sampling,
        goldenActivations,
        goldenInputs,
        canaries,
        reports,
        trainingData,
        evaluation,
        others);
  }

  /** Begins a pack; {@link PackBuilder#build} computes its digest. */
  public static PackBuilder builder(
      String name, String version, String licence, ModelIdentity model) {
    return new PackBuilder(name, version, licence, model);
  }

  /** The signals that are probes, in order. */
  public List<Probe> probes() {
    return signals.stream().filter(Probe.class::isInstance).map(Probe.class::cast).toList();
  }

  /** How often the pack wants a signal to be computed. */
  public Sampling sampling(String signal) {
    return sampling.getOrDefault(signal, Sampling.AUTO);
  }

  /** Whether a signal is to be computed for every inference, whatever it costs. */
  public boolean isAlwaysWanted(String signal) {
    return sampling(signal) == Sampling.ALWAYS;
  }

  /**
   * A probe's golden activations.
   *
   * @throws IllegalArgumentException if the pack has no such probe
   */
  public GoldenActivation goldenActivation(String probe) {
    for (GoldenActivation golden : goldenActivations) {
      if (golden.probe().equals(probe)) {
        return golden;
      }
    }
    throw new InvalidValueException("probe", "one of the pack's", "'" + probe + "'");
  }

  /** What is known of a probe; empty when the pack says nothing. */
  public ProbeReport report(String probe) {
    return reports.getOrDefault(probe, ProbeReport.EMPTY);
  }

  /** Name and version, for messages. */
  public String label() {
    return name + " " + version;
  }
}
