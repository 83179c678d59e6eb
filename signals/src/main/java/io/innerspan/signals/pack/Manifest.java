package io.innerspan.signals.pack;

import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Threshold;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code probe.json} says, before any other file is read. */
record Manifest(
    String name,
    String version,
    String licence,
    @Nullable String description,
    ModelIdentity model,
    @Nullable TokenizerIdentity tokenizer,
    Map<String, FileDigest> files,
    List<SignalEntry> signals,
    List<GoldenEntry> goldenInputs,
    @Nullable TrainingData trainingData,
    Map<String, Metric> evaluation) {

  /** A file's size in bytes and SHA-256. */
  record FileDigest(String sha256, long size) {}

  /** Where a tensor lies; {@code path} is the place in the manifest that says so. */
  record TensorRef(String path, String file, String tensor) {}

  /** A signal; {@code probe} is null if it is an activation norm. */
  record SignalEntry(String path, String id, HookPoint hookPoint, @Nullable ProbeEntry probe) {}

  /** What makes one logit of the tokens. */
  sealed interface Readout {
    /** A linear probe's. */
    record Linear(Pooling pooling, TensorRef weight) implements Readout {}

    /** An attention probe's; {@code query} is null if its rule has none. */
    record Attention(AttentionProbe.Rule rule, @Nullable TensorRef query, TensorRef value)
        implements Readout {}
  }

  /** A layer of an MLP. */
  record LayerEntry(TensorRef weight, TensorRef bias) {}

  /** What a probe has beside its id and hook point; {@code mlp} is empty if it has none. */
  record ProbeEntry(
      List<LayerEntry> mlp,
      Readout readout,
      TensorRef bias,
      Calibration calibration,
      List<Threshold> thresholds,
      String positiveLabel,
      String negativeLabel,
      TensorRef goldenX,
      TensorRef goldenLogit,
      Map<String, Metric> metrics,
      Map<String, Metric> baselines) {}

  /** One batch of golden model inputs. */
  record GoldenEntry(String path, Map<String, TensorRef> inputs, Map<String, TensorRef> logits) {}
}
