package io.innerspan.recorder;

import org.jspecify.annotations.Nullable;

/**
 * What a model and its engine are called. None of it is identity: that is the model's digest.
 *
 * @param name the model's name for people, or null when it has none
 * @param filename the name of the model's file without its folders, or null when it came from
 *     memory
 * @param engine the engine's name, such as {@code onnxruntime}
 * @param engineVersion the engine's version as it says it
 * @param place where the model's file lies, or null when it came from memory; never told
 */
public record ModelNames(
    @Nullable String name,
    @Nullable String filename,
    String engine,
    String engineVersion,
    @Nullable String place) {
  /** Of a model whose place is not known. */
  public ModelNames(
      @Nullable String name, @Nullable String filename, String engine, String engineVersion) {
    this(name, filename, engine, engineVersion, null);
  }

  public ModelNames {
    if (filename != null && (filename.indexOf('/') >= 0 || filename.indexOf('\\') >= 0)) {
      throw new IllegalArgumentException(
          "filename: expected a name without folders, found " + filename);
    }
    if (engine.isBlank()) {
      throw new IllegalArgumentException("engine: expected a name, found a blank one");
    }
  }

  /** What stays the same when the model is exchanged: its place, else its name; null without. */
  @Nullable String lasting() {
    return place == null ? name : place;
  }
}
