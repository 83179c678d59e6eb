package io.innerspan.agent;

import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.OtlpReceiver;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Commands that run the test applications, with and without the built agent. */
final class Product {
  static final Duration PATIENCE = Duration.ofMinutes(3);
  static final String READINGS_ON = "readings on";

  /** What an application has on its class path, without any of ours. */
  private static final List<String> NOT_THE_APPLICATIONS =
      List.of("innerspan", "onnxruntime", "grpc", "opentelemetry", "protobuf", "junit", "assertj");

  static Path agent() {
    return path("innerspan.agent");
  }

  static Path extension() {
    return path("innerspan.extension");
  }

  static Path upstream() {
    return path("innerspan.upstream");
  }

  static String version() {
    return System.getProperty("innerspan.version");
  }

  /** An application on one version of ONNX Runtime, without an agent. */
  static JvmCommand application(String mainClass, String onnxRuntime) {
    return JvmCommand.of(mainClass).shortLived().classPath(classPath(onnxRuntime));
  }

  /**
   * What an application has on its class path.
   *
   * @param ours classes of ours that it uses, each with everything beside it
   */
  static List<Path> classPath(String onnxRuntime, Class<?>... ours) {
    List<Path> classPath = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      String name = path.getFileName().toString();
      if (name.endsWith(".jar") && NOT_THE_APPLICATIONS.stream().noneMatch(name::contains)) {
        classPath.add(path);
      } else if (name.equals("test-classes")) {
        classPath.add(path);
      }
    }
    classPath.add(path("innerspan.onnxruntimes").resolve("onnxruntime-" + onnxRuntime + ".jar"));
    for (Class<?> type : ours) {
      classPath.add(
          Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString())));
    }
    return classPath;
  }

  /** The same application with the agent, telling the receiver. */
  static JvmCommand observed(String mainClass, String onnxRuntime, OtlpReceiver receiver) {
    return amongOthers(mainClass, onnxRuntime, receiver).withoutOtherInstrumentations();
  }

  /** The same with all that the agent instruments besides, as users have it. */
  static JvmCommand amongOthers(String mainClass, String onnxRuntime, OtlpReceiver receiver) {
    return application(mainClass, onnxRuntime)
        .agent(agent())
        .property("otel.exporter.otlp.endpoint", receiver.grpcEndpoint())
        .property("otel.exporter.otlp.protocol", "grpc")
        .property("otel.service.name", "test")
        .property("otel.bsp.schedule.delay", "100")
        .property("otel.blrp.schedule.delay", "100")
        .property("otel.metric.export.interval", "500");
  }

  private static Path path(String property) {
    String value = System.getProperty(property);
    if (value == null) {
      throw new IllegalStateException("run by Maven: " + property + " is not set");
    }
    return Path.of(value);
  }

  private Product() {}
}
