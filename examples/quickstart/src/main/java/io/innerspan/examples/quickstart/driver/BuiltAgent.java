package io.innerspan.examples.quickstart.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The agent's jar in the build's output. */
public final class BuiltAgent {
  /**
   * Finds the jar.
   *
   * @param root the root of the source tree
   * @throws Failure when it is not built
   */
  public static Path in(Path root) {
    Path target = root.resolve("otel-extension/agent/target");
    if (Files.isDirectory(target)) {
      try (DirectoryStream<Path> jars =
          Files.newDirectoryStream(target, "innerspan-javaagent-*[0-9T].jar")) {
        for (Path jar : jars) {
          return jar;
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot list " + target, e);
      }
    }
    throw Failure.run("no innerspan-javaagent-*.jar in " + target);
  }

  private BuiltAgent() {}
}
