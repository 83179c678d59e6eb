package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code probe.json}; {@link SignalReader} reads its signals. */
final class ManifestReader {
  private static final Pattern SCHEMA_VERSION =
      Pattern.compile("(0|[1-9][0-9]{0,4})\\.([0-9]{1,5})");
  private static final String MAJOR = "1";

  /** The manifest is of a newer major version. */
  static final class NewerSchemaException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient InvalidValueException fault;

    NewerSchemaException(InvalidValueException fault) {
      super(fault);
      this.fault = fault;
    }

    InvalidValueException fault() {
      return fault;
    }
  }

  private static final String MINOR = "0";

  static Manifest read(ByteBuffer json) throws NewerSchemaException {
    Fields root = Fields.of("", Json.parse(json));
    Tidy tidy = tidiness(root);
    Manifest manifest =
        new Manifest(
            Formats.check("name", Formats.NAME, root.text("name")),
            Formats.check("version", Formats.SEMVER, root.text("version")),
            Formats.text("licence", root.text("licence")),
            description("description", root),
            model(root.object("model"), tidy),
            tokenizer(root, tidy),
            files(root, tidy),
            new SignalReader(tidy).signals(root),
            goldenInputs(root, tidy),
            trainingData(root, tidy),
            metrics("evaluation", root, tidy));
    tidy.check(root);
    return manifest;
  }

  /**
   * A newer minor version may have fields that this reader does not know; a newer major is refused.
   */
  private static Tidy tidiness(Fields root) throws NewerSchemaException {
    String version = root.text("schema_version");
    Matcher parts = SCHEMA_VERSION.matcher(version);
    if (!parts.matches() || !parts.group(1).equals(MAJOR)) {
      InvalidValueException fault =
          new InvalidValueException("schema_version", MAJOR + ".x", "'" + version + "'");
      if (parts.matches() && Integer.parseInt(parts.group(1)) > Integer.parseInt(MAJOR)) {
        throw new NewerSchemaException(fault);
      }
      throw fault;
    }
    return parts.group(2).equals(MINOR) ? Fields::refuseUnread : fields -> {};
  }

  private static @Nullable String description(String what, Fields fields) {
    String text = fields.optionalText("description");
    return text == null ? null : Formats.text(what, text);
  }

  private static ModelIdentity model(Fields model, Tidy tidy) {
    ModelIdentity identity =
        new ModelIdentity(
            model.text("name"), model.text("sha256"), model.optionalText("structure"));
    tidy.check(model);
    return identity;
  }

  private static @Nullable TokenizerIdentity tokenizer(Fields root, Tidy tidy) {
    if (!root.has("tokenizer")) {
      return null;
    }
    Fields tokenizer = root.object("tokenizer");
    TokenizerIdentity identity = new TokenizerIdentity(tokenizer.text("sha256"));
    tidy.check(tokenizer);
    return identity;
  }

  private static Map<String, Manifest.FileDigest> files(Fields root, Tidy tidy) {
    Map<String, Manifest.FileDigest> files = new LinkedHashMap<>();
    root.map("files")
        .forEach(
            (name, fields) -> {
              fileName("files", name);
              String sha256 =
                  Formats.check(fields.at("sha256"), Formats.SHA256, fields.text("sha256"));
              long size = fields.integer("size");
              if (size < 0) {
                throw new InvalidValueException(fields.at("size"), "at least 0", size);
              }
              tidy.check(fields);
              files.put(name, new Manifest.FileDigest(sha256, size));
            });
    return files;
  }

  private static String fileName(String what, String name) {
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

  static Manifest.TensorRef tensor(Fields tensor, Tidy tidy) {
    Manifest.TensorRef reference =
        new Manifest.TensorRef(
            tensor.at("file"),
            fileName(tensor.at("file"), tensor.text("file")),
            tensor.text("tensor"));
    tidy.check(tensor);
    return reference;
  }

  private static Map<String, Manifest.TensorRef> tensors(Map<String, Fields> fields, Tidy tidy) {
    Map<String, Manifest.TensorRef> tensors = new LinkedHashMap<>();
    fields.forEach((name, tensor) -> tensors.put(name, tensor(tensor, tidy)));
    return tensors;
  }

  private static List<Manifest.GoldenEntry> goldenInputs(Fields root, Tidy tidy) {
    List<Manifest.GoldenEntry> entries = new ArrayList<>();
    for (Fields entry : root.optionalObjects("golden_inputs")) {
      String path = "golden_inputs[" + entries.size() + "]";
      entries.add(
          new Manifest.GoldenEntry(
              path, tensors(entry.map("inputs"), tidy), tensors(entry.map("logits"), tidy)));
      tidy.check(entry);
    }
    return entries;
  }

  private static @Nullable TrainingData trainingData(Fields root, Tidy tidy) {
    if (!root.has("training_data")) {
      return null;
    }
    Fields data = root.object("training_data");
    TrainingData trainingData =
        new TrainingData(
            data.text("sha256"), data.integer("rows"), description(data.at("description"), data));
    tidy.check(data);
    return trainingData;
  }

  static Map<String, Metric> metrics(String name, Fields parent, Tidy tidy) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    if (parent.has(name)) {
      parent
          .map(name)
          .forEach(
              (metric, fields) -> {
                Formats.check(parent.at(name), Formats.METRIC, metric);
                metrics.put(metric, fields.build(() -> metric(fields)));
                tidy.check(fields);
              });
    }
    return metrics;
  }

  private static Metric metric(Fields fields) {
    return new Metric(fields.number("value"), fields.number("low"), fields.number("high"));
  }

  private ManifestReader() {}
}
