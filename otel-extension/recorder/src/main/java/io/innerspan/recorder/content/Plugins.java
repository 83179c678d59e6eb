package io.innerspan.recorder.content;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.UnaryOperator;

/**
 * Redactors of a jar's own: services of the type {@code java.util.function.UnaryOperator}, from
 * text to text. They see the JDK alone: neither the application nor us.
 */
final class Plugins {
  /**
   * Loads them.
   *
   * @throws IOException when there is no such jar, or none in it
   */
  static List<UnaryOperator<String>> load(Path jar) throws IOException {
    if (!Files.isReadable(jar)) {
      throw new IOException(jar + ": expected a jar with redactors, found no such file");
    }
    List<UnaryOperator<String>> plugins = new ArrayList<>();
    try {
      @SuppressWarnings("resource") // As long as the process.
      URLClassLoader loader =
          new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
      for (UnaryOperator<?> service : ServiceLoader.load(UnaryOperator.class, loader)) {
        plugins.add(ofText(service));
      }
    } catch (ServiceConfigurationError | LinkageError e) {
      throw new IOException(jar + ": " + e.getMessage(), e);
    }
    if (plugins.isEmpty()) {
      throw new IOException(
          jar + ": expected META-INF/services/java.util.function.UnaryOperator, found none");
    }
    return plugins;
  }

  @SuppressWarnings("unchecked") // One of another type fails when it is called, which is caught.
  private static UnaryOperator<String> ofText(UnaryOperator<?> service) {
    return (UnaryOperator<String>) service;
  }

  private Plugins() {}
}
