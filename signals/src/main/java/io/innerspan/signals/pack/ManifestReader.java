package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.monitor.Monitors;
import io.innerspan.signals.safetensors.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a pack of a manifest and its proven files; {@link SignalFormats} read its signals. */
final class ManifestReader {
  private final Fields root;
  private final Tidy tidy;
  private final PackTensors tensors;
  private final List<Signal> signals = new ArrayList<>();
  private final List<GoldenActivation> activations = new ArrayList<>();
  private final Map<String, ProbeReport> reports = new HashMap<>();
  private final Map<String, Sampling> sampling = new HashMap<>();

  ManifestReader(Manifest manifest, PackTensors tensors) {
    this.root = manifest.root();
    this.tidy = manifest.tidy();
    this.tensors = tensors;
  }

  ProbePack read(String digest) throws PackException {
    String name = Formats.check("name", Formats.NAME, root.text("name"));
    String version = Formats.check("version", Formats.SEMVER, root.text("version"));
    String licence = Formats.text("licence", root.text("licence"));
    String description = description("description", root);
    ModelIdentity model = model(root.object("model"));
    TokenizerIdentity tokenizer = tokenizer();
    for (Fields fields : root.objects("signals")) {
      add(new SignalInput(fields, tidy, tensors));
    }
    List<GoldenInput> goldenInputs = goldenInputs();
    List<Canary> canaries = CanariesFormat.read(root, tidy, this::tensors);
    TrainingData trainingData = trainingData();
    Map<String, Metric> evaluation = Metrics.read("evaluation", root, tidy);
    Monitors monitors = MonitorsFormat.read(root, tidy);
    tidy.check(root);
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
        activations,
        goldenInputs,
        canaries,
        reports,
        trainingData,
        evaluation,
        monitors);
  }

  private void add(SignalInput in) throws PackException {
    SignalFormat<?> format = SignalFormats.named(in.fields().at("kind"), in.fields().text("kind"));
    Signal signal = format.read(in);
    signals.add(signal);
    if (in.fields().has("sampling")) {
      sampling.put(signal.id(), in.constant("sampling", Sampling.values(), Sampling::label));
    }
    if (signal instanceof Probe probe) {
      activations.add(golden(probe, in.of(in.fields().object("golden"))));
      reports.put(probe.id(), ProbeParts.report(in));
    }
    tidy.check(in.fields());
  }

  private GoldenActivation golden(Probe probe, SignalInput in) throws PackException {
    TensorRef logit = in.reference("logit");
    Tensor x = tensors.get(in.reference("x"));
    tidy.check(in.fields());
    try {
      GoldenActivation golden = new GoldenActivation(probe.id(), x, tensors.get(logit));
      recompute(probe, golden, logit);
      return golden;
    } catch (InvalidValueException fault) {
      throw new PackException(tensors.pack(), logit.file(), fault);
    }
  }

  private void recompute(Probe probe, GoldenActivation golden, TensorRef logit)
      throws PackException {
    try {
      Consistency.recompute(probe, golden);
    } catch (InvalidValueException fault) {
      throw new PackException(
          PackException.Kind.GOLDEN_MISMATCH, tensors.pack(), logit.file(), fault);
    }
  }

  private List<GoldenInput> goldenInputs() throws PackException {
    List<GoldenInput> inputs = new ArrayList<>();
    for (Fields entry : root.optionalObjects("golden_inputs")) {
      Map<String, Tensor> values = tensors("inputs", entry);
      Map<String, Tensor> logits = tensors("logits", entry);
      Map<String, Tensor> columns = tensors("values", entry);
      tidy.check(entry);
      inputs.add(entry.build(() -> new GoldenInput(values, logits, columns)));
    }
    return inputs;
  }

  private Map<String, Tensor> tensors(String name, Fields parent) throws PackException {
    Map<String, Tensor> read = new HashMap<>();
    boolean optional = !name.equals("inputs");
    if (optional && !parent.has(name)) {
      return read;
    }
    for (Map.Entry<String, Fields> entry : parent.map(name).entrySet()) {
      read.put(entry.getKey(), tensors.get(tensor(entry.getValue(), tidy)));
    }
    return read;
  }

  private static @Nullable String description(String what, Fields fields) {
    String text = fields.optionalText("description");
    return text == null ? null : Formats.text(what, text);
  }

  private ModelIdentity model(Fields model) {
    ModelIdentity identity =
        new ModelIdentity(
            model.text("name"), model.text("sha256"), model.optionalText("structure"));
    tidy.check(model);
    return identity;
  }

  private @Nullable TokenizerIdentity tokenizer() {
    if (!root.has("tokenizer")) {
      return null;
    }
    Fields tokenizer = root.object("tokenizer");
    TokenizerIdentity identity = new TokenizerIdentity(tokenizer.text("sha256"));
    tidy.check(tokenizer);
    return identity;
  }

  private @Nullable TrainingData trainingData() throws PackException {
    if (!root.has("training_data")) {
      return null;
    }
    Fields data = root.object("training_data");
    TrainingData trainingData =
        new TrainingData(
            data.text("sha256"),
            data.integer("rows"),
            description(data.at("description"), data),
            data.has("seen") ? seen(data.object("seen")) : null);
    tidy.check(data);
    return trainingData;
  }

  private SeenData seen(Fields seen) throws PackException {
    Tensor texts = tensors.get(tensor(seen.object("texts"), tidy));
    Tensor groups = tensors.get(tensor(seen.object("groups"), tidy));
    SeenData read = new SeenData(seen.text("salt"), texts, groups);
    tidy.check(seen);
    return read;
  }

  static String fileName(String what, String name) {
    if (name.length() > Formats.MAX_NAME
        || !Formats.FILE.matcher(name).matches()
        || name.equals(PackImage.MANIFEST)) {
      throw new InvalidValueException(
          what,
          "the name of a file beside the manifest (" + Formats.FILE.pattern() + ")",
          "'" + name + "'");
    }
    return name;
  }

  static TensorRef tensor(Fields tensor, Tidy tidy) {
    TensorRef reference =
        new TensorRef(
            tensor.at("file"),
            fileName(tensor.at("file"), tensor.text("file")),
            tensor.text("tensor"));
    tidy.check(tensor);
    return reference;
  }
}
