package io.innerspan.signals.pack;

import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.monitor.Monitors;
import io.innerspan.signals.safetensors.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a pack together; not thread-safe. */
public final class PackBuilder {
  private static final String UNKNOWN_DIGEST = "0".repeat(64);

  private final String name;
  private final String version;
  private final String licence;
  private final ModelIdentity model;
  private final List<Signal> signals = new ArrayList<>();
  private final List<GoldenActivation> goldenActivations = new ArrayList<>();
  private final List<GoldenInput> goldenInputs = new ArrayList<>();
  private final List<Canary> canaries = new ArrayList<>();
  private final Map<String, Sampling> sampling = new LinkedHashMap<>();
  private final Map<String, ProbeReport> reports = new LinkedHashMap<>();
  private final Map<String, Metric> evaluation = new LinkedHashMap<>();
  private Monitors monitors = Monitors.NONE;
  private @Nullable String description;
  private @Nullable TokenizerIdentity tokenizer;
  private @Nullable TrainingData trainingData;

  PackBuilder(String name, String version, String licence, ModelIdentity model) {
    this.name = name;
    this.version = version;
    this.licence = licence;
    this.model = model;
  }

  /** Says what the pack is for. */
  public PackBuilder description(String text) {
    this.description = text;
    return this;
  }

  /** Names the tokenizer that the probes were trained with. */
  public PackBuilder tokenizer(TokenizerIdentity identity) {
    this.tokenizer = identity;
    return this;
  }

  /** Names the data that the probes were trained on. */
  public PackBuilder trainingData(TrainingData data) {
    this.trainingData = data;
    return this;
  }

  /** Adds a signal other than a probe. */
  public PackBuilder signal(Signal signal) {
    signals.add(signal);
    return this;
  }

  /**
   * Adds a probe with its golden activations.
   *
   * @param x {@code [n, width]}
   * @param logit the raw logits {@code [n]}
   */
  public PackBuilder probe(Probe probe, Tensor x, Tensor logit) {
    signals.add(probe);
    goldenActivations.add(new GoldenActivation(probe.id(), x, logit));
    return this;
  }

  /** Says how often a signal is wanted. */
  public PackBuilder sampling(String signal, Sampling wanted) {
    sampling.put(signal, wanted);
    return this;
  }

  /** Adds a batch of model inputs with its logits. */
  public PackBuilder goldenInput(GoldenInput input) {
    goldenInputs.add(input);
    return this;
  }

  /** Adds a recorded input to be replayed on the live session. */
  public PackBuilder canary(Canary canary) {
    canaries.add(canary);
    return this;
  }

  /** Says what is known of a probe. */
  public PackBuilder report(String probe, ProbeReport report) {
    reports.put(probe, report);
    return this;
  }

  /** Adds a metric of the pack as a whole. */
  public PackBuilder evaluation(String metric, Metric value) {
    evaluation.put(metric, value);
    return this;
  }

  /** Says what is watched for. */
  public PackBuilder monitors(Monitors watched) {
    this.monitors = watched;
    return this;
  }

  /**
   * The pack, with the digest that it has when {@link PackWriter} writes it.
   *
   * @throws IllegalArgumentException if the parts do not fit together
   */
  public ProbePack build() {
    return withDigest(PackImage.of(withDigest(UNKNOWN_DIGEST)).digest());
  }

  private ProbePack withDigest(String digest) {
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
        monitors);
  }
}
