package io.innerspan.semconv.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes the Java constants and the documentation's tables of the registry, within the build. */
public final class Generate {
  private static final String REGENERATE =
      "mvn -B -pl semantic-conventions -am compile -Dtelemetry.docs=write";

  /**
   * Generates.
   *
   * @param arguments the registry's folder, the folder for Java sources, the document, and {@code
   *     check} or {@code write} for the document
   * @throws IOException when a file cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    Registry registry = RegistryReader.read(Path.of(arguments[0]));
    java(registry, Path.of(arguments[1], "io", "innerspan", "semconv"));
    document(registry, Path.of(arguments[2]).normalize(), arguments[3]);
  }

  private static void java(Registry registry, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (JavaSource source : new JavaConstants(registry).sources()) {
      writeIfChanged(folder.resolve(source.className() + ".java"), source.text());
    }
  }

  static void document(Registry registry, Path file, String mode) throws IOException {
    String present = Files.readString(file);
    String wanted = MarkedSections.replace(present, new Documentation(registry)::section);
    if (mode.equals("write")) {
      writeIfChanged(file, wanted);
    } else if (!wanted.equals(present)) {
      throw new IllegalStateException(
          file + " is stale: the registry has changed. Run: " + REGENERATE);
    }
  }

  // Unchanged files keep their time, so that nothing is compiled again for nothing.
  private static void writeIfChanged(Path file, String text) throws IOException {
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.writeString(file, text);
    }
  }

  private Generate() {}
}
