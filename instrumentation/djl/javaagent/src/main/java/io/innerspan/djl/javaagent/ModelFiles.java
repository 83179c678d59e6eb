package io.innerspan.djl.javaagent;

import ai.djl.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files that a model of an engine without TorchScript was loaded from, found as its engine
 * finds them.
 *
 * @param content in the order in which they make the model's digest; the first names the model
 */
record ModelFiles(List<Path> content) {
  private static final String SAVED_MODEL = "saved_model.pb";

  ModelFiles {
    content = List.copyOf(content);
  }

  /** Null where they are not known. */
  static @Nullable ModelFiles of(String engine, Model model) throws IOException {
    Path path = model.getModelPath();
    if (path == null || Files.isRegularFile(path)) {
      return path == null ? null : new ModelFiles(List.of(path));
    }
    return in(engine, path, model.getName());
  }

  /**
   * Those in a folder.
   *
   * @param name of the model
   */
  static @Nullable ModelFiles in(String engine, Path folder, String name) throws IOException {
    return switch (engine) {
      case "TensorFlow" -> savedModel(folder, name);
      case "Rust" -> safetensors(folder);
      case "XGBoost" ->
          first(
              folder,
              name,
              List.of("", ".json", ".xgb", ".bst"),
              "model.xgb",
              "model.bst",
              "model.json");
      case "LightGBM" -> first(folder, name, List.of("", ".txt"));
      default -> named(folder, name);
    };
  }

  /** What a SavedModel runs: its graph, and then its variables in the order of their names. */
  private static @Nullable ModelFiles savedModel(Path folder, String name) throws IOException {
    Path inner = folder.resolve(name);
    Path model = Files.isRegularFile(inner.resolve(SAVED_MODEL)) ? inner : folder;
    if (!Files.isRegularFile(model.resolve(SAVED_MODEL))) {
      return null;
    }
    List<Path> content = new ArrayList<>();
    content.add(model.resolve(SAVED_MODEL));
    content.addAll(files(model.resolve("variables"), ""));
    return new ModelFiles(content);
  }

  private static @Nullable ModelFiles safetensors(Path folder) throws IOException {
    List<Path> weights = files(folder, ".safetensors");
    Path config = folder.resolve("config.json");
    if (weights.isEmpty() || !Files.isRegularFile(config)) {
      return null;
    }
    List<Path> content = new ArrayList<>();
    content.add(config);
    content.addAll(weights);
    return new ModelFiles(content);
  }

  /** The first that is there, by the model's name and then by the folder's, each with endings. */
  private static @Nullable ModelFiles first(
      Path folder, String name, List<String> endings, String... others) {
    Path own = folder.getFileName();
    for (String stem : own == null ? List.of(name) : List.of(name, own.toString())) {
      for (String ending : endings) {
        if (Files.isRegularFile(folder.resolve(stem + ending))) {
          return new ModelFiles(List.of(folder.resolve(stem + ending)));
        }
      }
      for (String other : others) {
        if (Files.isRegularFile(folder.resolve(other))) {
          return new ModelFiles(List.of(folder.resolve(other)));
        }
      }
    }
    return null;
  }

  /** The only file that has the model's name, whatever its ending. */
  private static @Nullable ModelFiles named(Path folder, String name) throws IOException {
    List<Path> found = files(folder, "").stream().filter(file -> stem(file).equals(name)).toList();
    return found.size() == 1 ? new ModelFiles(found) : null;
  }

  private static String stem(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> content = Files.list(folder)) {
      return content
          .filter(file -> Files.isRegularFile(file) && file.toString().endsWith(ending))
          .sorted()
          .toList();
    }
  }
}
