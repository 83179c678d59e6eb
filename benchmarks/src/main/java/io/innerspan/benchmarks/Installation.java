package io.innerspan.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the build put what is measured.
 *
 * @param target the benchmarks' build folder
 * @param innerspanAgent the product
 * @param model all-MiniLM-L6-v2, taken out of LangChain4j's jar
 * @param applicationClassPath of the measured applications
 */
record Installation(Path target, Path innerspanAgent, Path model, String applicationClassPath) {
  private static final String MODEL = "all-minilm-l6-v2.onnx";
  private static final String TOKENIZER = "all-minilm-l6-v2-tokenizer.json";

  /** Finds the build's results under the project's folder. */
  static Installation in(Path project) throws IOException {
    Path target = project.resolve("benchmarks/target");
    Path agent;
    try (var jars =
        Files.newDirectoryStream(
            project.resolve("otel-extension/agent/target"), "innerspan-javaagent-*.jar")) {
      agent = jars.iterator().next();
    }
    Path model = target.resolve(MODEL);
    extract(MODEL, model);
    extract(TOKENIZER, target.resolve(TOKENIZER));
    String libraries = Files.readString(target.resolve("application.classpath")).trim();
    return new Installation(
        target, agent, model, target.resolve("classes") + File.pathSeparator + libraries);
  }

  /** The OpenTelemetry Java agent as it is published, in the version that Innerspan embeds. */
  Path upstreamAgent() {
    return target.resolve("opentelemetry-javaagent.jar");
  }

  /** An extension for both agents with exporters that discard. */
  Path discardingExporters() {
    return target.resolve("discard-exporters.jar");
  }

  /** The generated pack of that name. */
  Path pack(String name) {
    return target.resolve("packs").resolve(name);
  }

  /** The command that runs one of the measured applications. */
  List<String> command(List<String> jvmArguments, Class<?> application, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmArguments);
    command.addAll(List.of("-cp", applicationClassPath, application.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** The same on another version of ONNX Runtime. */
  List<String> command(
      String onnxRuntime, List<String> jvmArguments, Class<?> application, String... arguments) {
    List<String> command = command(jvmArguments, application, arguments);
    Path jar = target.resolve("onnxruntime").resolve("onnxruntime-" + onnxRuntime + ".jar");
    command.replaceAll(
        part -> part.equals(applicationClassPath) ? jar + File.pathSeparator + part : part);
    return command;
  }

  /** The model's tokenizer. */
  Path tokenizer() {
    return target.resolve(TOKENIZER);
  }

  private static void extract(String name, Path file) throws IOException {
    try (InputStream resource = Installation.class.getClassLoader().getResourceAsStream(name)) {
      if (resource == null) {
        throw new FileSystemException(name, null, "expected it on the class path, found nothing");
      }
      Files.copy(resource, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
