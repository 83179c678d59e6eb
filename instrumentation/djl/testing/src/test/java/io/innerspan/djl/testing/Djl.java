package io.innerspan.djl.testing;

import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.OtlpReceiver;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Applications on one version of DJL, with and without the built agent. */
record Djl(Path folder) {
  static final Duration PATIENCE = Duration.ofMinutes(4);

  /** How often each of four threads predicts; 1,000 times where it is to be certain. */
  static final int TIMES = Integer.getInteger("innerspan.djl.thread.predictions", 250);

  /** What an application has on its class path beside DJL, without any of ours. */
  private static final List<String> LIBRARIES =
      List.of("gson", "jna", "commons-", "slf4j", "jspecify");

  /** The versions that have an engine. */
  static Stream<Djl> with(String engine) {
    return all().filter(djl -> djl.jars().stream().anyMatch(jar -> name(jar).startsWith(engine)));
  }

  private static Stream<Djl> all() {
    Path folders = Path.of(property("innerspan.djl"));
    return Stream.of(property("innerspan.djl.versions").split(","))
        .map(version -> new Djl(folders.resolve(version)));
  }

  /** The version of one of its jars. */
  String version(String artifact) {
    return jars().stream()
        .map(Djl::name)
        .filter(name -> name.matches(artifact + "-[0-9].*"))
        .map(name -> name.substring(artifact.length() + 1, name.length() - ".jar".length()))
        .findFirst()
        .orElseThrow();
  }

  /** An application without an agent. */
  JvmCommand application(String mainClass) {
    List<Path> classPath = new ArrayList<>(jars());
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      String name = name(path);
      if (name.equals("test-classes") || LIBRARIES.stream().anyMatch(name::startsWith)) {
        classPath.add(path);
      }
    }
    return JvmCommand.of(mainClass)
        .shortLived()
        .classPath(classPath)
        .property("ai.djl.offline", "true")
        .property("DJL_CACHE_DIR", property("innerspan.djl.cache"));
  }

  /** The same application with the agent, telling the receiver, and nothing else instrumented. */
  JvmCommand observed(String mainClass, OtlpReceiver receiver) {
    return amongOthers(mainClass, receiver).withoutOtherInstrumentations();
  }

  /** The same application with the agent as its users have it. */
  JvmCommand amongOthers(String mainClass, OtlpReceiver receiver) {
    return application(mainClass)
        .agent(Path.of(property("innerspan.agent")))
        .property("otel.exporter.otlp.endpoint", receiver.grpcEndpoint())
        .property("otel.exporter.otlp.protocol", "grpc")
        .property("otel.bsp.schedule.delay", "100")
        .property("otel.metric.export.interval", "500");
  }

  /** A property that Maven sets. */
  static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException("run by Maven: " + name + " is not set");
    }
    return value;
  }

  private List<Path> jars() {
    return list(folder);
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> content = Files.list(folder)) {
      return content.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  @Override
  public String toString() {
    return "DJL " + name(folder);
  }
}
