package io.innerspan.extension;

import java.util.Locale;

/** One setting, with its names in the three ways to set it. */
enum Setting {
  ENABLED("enabled", "boolean", "true", "Whether Innerspan does anything at all."),
  PACKS(
      "packs",
      "path",
      "",
      "The folder that holds probe packs, or one pack (a folder or a zip). Without it, inferences"
          + " still give spans and durations."),
  MONITORS_FILE(
      "monitors_file",
      "path",
      "",
      "A JSON file with monitors and baselines over those of the packs: more of them, others in"
          + " their place, and which not to run. A file that is wrong is not used, and that is"
          + " said."),
  RUNBOOKS(
      "runbooks",
      "url",
      "",
      "Where the runbooks are of findings whose monitors name none: a folder with a page for each kind"
          + " of finding, called as those of Innerspan's `docs/runbooks`, or an address with `{kind}`"
          + " in the kind's place. Without it such findings have no runbook."),
  SPANS("spans", "boolean", "true", "A span for each inference, with its scores."),
  METRICS(
      "metrics", "boolean", "true", "Histograms of durations, scores and other signals, counters."),
  EVENTS(
      "events",
      "boolean",
      "true",
      "An event for each row whose score reaches a threshold, and for each finding."),
  PHASES(
      "phases",
      "boolean",
      "false",
      "Whether the span of a prediction through DJL has a child for each of its phases:"
          + " pre-processing, the engine's work, post-processing."),
  ATTENTION_HEADS(
      "attention_heads",
      "boolean",
      "false",
      "Whether each attention head has time series of its own, instead of one for all heads of a"
          + " layer."),
  COHORTS(
      "cohorts",
      "list",
      "",
      "By what the traffic is sliced, such as `baggage:tier,span:http.route`: entries of the baggage,"
          + " attributes of the span around an inference, attributes of the resource. The scores of"
          + " probes and the durations of inferences are measured for each value too."),
  COHORT_LIMIT(
      "cohort_limit",
      "number",
      "50",
      "How many values of each of these have time series of their own; later ones share `_OTHER`."),
  SAMPLING_RATE(
      "sampling_rate",
      "number",
      "0.002",
      "The share of inferences for which dear signals (attention, lenses, features, statistics) are"
          + " computed, for every other of these all of them at once. By default the 99th percentile"
          + " of the durations so becomes what the 99.1th was; 0 never computes them, 1 always"
          + " does."),
  SAMPLING_BUDGET(
      "sampling_budget",
      "number",
      "0.02",
      "The share of a model's own time that its signals may take in all, but for linear probes and"
          + " norms unless `sampling_strict` is set. Above it the dearest is computed less often"
          + " first, which a metric and an event say."),
  SAMPLING_ON_DEMAND(
      "sampling_on_demand",
      "boolean",
      "false",
      "Whether all signals are computed for inferences whose trace carries the baggage entry"
          + " `innerspan.signals=all`. Whoever can send baggage can then slow the model down."),
  SAMPLING_STRICT(
      "sampling_strict",
      "boolean",
      "false",
      "Whether the budget holds for linear probes and norms of ONNX Runtime models as well, which"
          + " otherwise are computed for every inference. To learn what they cost some inferences run"
          + " without them; where they do not fit, as on very fast models, they are computed for a"
          + " sample, with a `sampling_rate` of 0 not at all. Never for signals whose pack says"
          + " `\"sampling\": \"always\"`."),
  SALIENCY_RATE(
      "saliency_rate",
      "number",
      "0",
      "The share of inferences that are explained: which tokens or features their score is owed to."
          + " A thread of its own does so on a second copy of the weights; 0 never does."),
  SALIENCY_ON_DEMAND(
      "saliency_on_demand",
      "boolean",
      "false",
      "Whether inferences whose trace carries the baggage entry `innerspan.saliency=true` are"
          + " explained too. Whoever can send baggage can then keep that thread busy."),
  SALIENCY_METHOD(
      "saliency_method",
      "text",
      "integrated_gradients",
      "How inferences are explained: `integrated_gradients`, `gradient_times_input` or"
          + " `occlusion`."),
  SALIENCY_BASELINE(
      "saliency_baseline",
      "text",
      "padding",
      "What an input is compared with: `padding` (for tokens, the embedding of the id 0; for"
          + " features, zeros), `zero` or `mean`."),
  SALIENCY_MEMORY(
      "saliency_memory",
      "megabytes",
      "1024",
      "How much the copies of weights and inputs may take in all. What would take more is not"
          + " explained, and counted. What the engine itself takes while it explains comes on top."),
  SALIENCY_DIRECTORY(
      "saliency_directory",
      "path",
      "",
      "The folder for `saliency.jsonl`, a line of JSON with all values for each explanation. It is"
          + " appended to without end. Without it, only the ten largest values are reported."),
  CANARY_PERIOD(
      "canary_period",
      "seconds",
      "300",
      "How often each canary of a pack is replayed on each session; 0 for never."),
  CANARY_BUDGET(
      "canary_budget",
      "number",
      "0.005",
      "The share of time that one thread may spend replaying canaries. Where that is less than the"
          + " period needs, they are replayed less often."),
  DELIVERY_DIRECTORY(
      "delivery_directory",
      "path",
      "",
      "The folder where spans, metrics, log records and findings wait that the OTLP receiver does not"
          + " take. JVMs that share it must send to the same receiver. Without it, what the receiver"
          + " does not take is dropped as the OpenTelemetry agent does."),
  DELIVERY_DISK(
      "delivery_disk",
      "megabytes",
      "256",
      "How much a JVM's waiting telemetry may take in that folder. Beyond it the oldest of the signal"
          + " that takes most is dropped and counted, findings never."),
  DELIVERY_MEMORY(
      "delivery_memory",
      "megabytes",
      "16",
      "How much telemetry may wait in memory: a third of it for each of spans, metrics and log"
          + " records, and a quarter besides for findings."),
  CONTENT(
      "content",
      "text",
      "off",
      "What becomes of text that goes into and comes out of models and tools, as far as Innerspan sees"
          + " any: `off`, `digest` (a salted digest and the length) or `redacted`."),
  CONTENT_LIMIT(
      "content_limit", "characters", "2048", "How many characters of a text are kept at most."),
  CONTENT_RATE(
      "content_rate", "number", "1", "The share of traces whose texts are kept, by their ids."),
  CONTENT_RETENTION(
      "content_retention",
      "text",
      "short",
      "A word that each record with content carries, for pipelines to route and delete by."),
  CONTENT_PATTERNS(
      "content_patterns",
      "path",
      "",
      "A file with further patterns to be taken out, each a line `name = regular expression`."),
  CONTENT_REDACTORS(
      "content_redactors",
      "path",
      "",
      "A jar with further redactors: services of the type `java.util.function.UnaryOperator`, from"
          + " text to text."),
  CONTENT_SALT(
      "content_salt",
      "path",
      "",
      "A file with the secret of digests, 16 bytes at least. Without it each process has its own, and"
          + " digests of different processes cannot be compared."),
  ANY_MODEL(
      "any_model",
      "boolean",
      "false",
      "Whether models that no pack is for are read too: the norms of their layers' outputs, or of"
          + " other activations in models without layers."),
  ANY_EXECUTION_PROVIDER(
      "any_execution_provider",
      "boolean",
      "false",
      "Whether models on execution providers other than the CPU's are grafted too. Each is certified"
          + " like any other, but none was tested by us."),
  MODEL_FILES_IMMUTABLE(
      "model_files_immutable",
      "boolean",
      "false",
      "Whether nobody changes, shortens or replaces a model's file in place while a session on it is"
          + " open. Then its weights are mapped from there instead of being copied: sessions open"
          + " sooner, and shortening the file would end the JVM. Needs a model folder that can be"
          + " written to; elsewhere the model is copied all the same.");

  private static final String PREFIX = "otel.instrumentation.innerspan.";

  private final String key;
  private final String type;
  private final String defaultValue;
  private final String description;

  Setting(String key, String type, String defaultValue, String description) {
    this.key = key;
    this.type = type;
    this.defaultValue = defaultValue;
    this.description = description;
  }

  /** The key under {@code instrumentation/development: java: innerspan:} in the agent's YAML. */
  String key() {
    return key;
  }

  String type() {
    return type;
  }

  String defaultValue() {
    return defaultValue;
  }

  String description() {
    return description;
  }

  String systemProperty() {
    return PREFIX + key.replace('_', '-');
  }

  String environmentVariable() {
    return systemProperty().replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
