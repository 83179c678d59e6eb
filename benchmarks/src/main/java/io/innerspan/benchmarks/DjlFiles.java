package io.innerspan.benchmarks;

import io.innerspan.benchmarks.application.DjlLoop;
import io.innerspan.benchmarks.application.DjlModels;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The files of the measured applications on DJL, and the commands that run them.
 *
 * @param folder of models and packs that are made
 * @param example the build folder of the example on DJL, which has PyTorch
 */
record DjlFiles(Installation installation, Path folder, Path example) {
  /** What belongs to one version of DJL alone. */
  private static final List<String> OF_PYTORCH = List.of("api-", "pytorch-", "tokenizers-");

  static DjlFiles in(Installation installation, Path project) {
    return new DjlFiles(
        installation,
        installation.target().resolve("djl"),
        project.resolve("examples/djl-text/target"));
  }

  /** Makes the models, in a JVM that has PyTorch. */
  void makeModels() throws IOException, InterruptedException {
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>(java());
    command.addAll(
        List.of(
            "-cp",
            classPath(DjlEngine.SCRIPT)
                + File.pathSeparator
                + System.getProperty("java.class.path"),
            DjlModels.class.getName(),
            folder.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("the models cannot be made:\n" + said);
    }
  }

  Path model(DjlEngine engine) {
    return engine.isPyTorch() ? folder.resolve(engine.file()) : installation.model();
  }

  Path pack(DjlEngine engine, DjlConfiguration configuration) {
    return folder.resolve("packs").resolve(engine.label()).resolve(configuration.label());
  }

  List<String> command(DjlEngine engine, DjlConfiguration configuration, URI receiver)
      throws IOException {
    List<String> command = new ArrayList<>(java());
    command.add(
        "-javaagent:"
            + (configuration.isOurs()
                ? installation.innerspanAgent()
                : installation.upstreamAgent()));
    command.add("-Dotel.service.name=benchmark");
    command.add("-Dotel.exporter.otlp.endpoint=" + receiver + configuration.label());
    if (configuration.hasPack()) {
      String setting = "-Dotel.instrumentation.innerspan.";
      command.add(setting + "packs=" + pack(engine, configuration));
      command.add(setting + "sampling-rate=" + configuration.samplingRate());
    }
    command.addAll(
        List.of(
            "-cp",
            classPath(engine),
            DjlLoop.class.getName(),
            engine.engine(),
            model(engine).toString()));
    return command;
  }

  private List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Dai.djl.offline=true",
        "-DDJL_CACHE_DIR=" + folder.resolve("cache"),
        // All of an inference is then computed in its caller's thread.
        "-Dai.djl.pytorch.num_threads=1",
        "-Dai.djl.pytorch.num_interop_threads=1");
  }

  private String classPath(DjlEngine engine) throws IOException {
    List<Path> path = new ArrayList<>();
    path.add(installation.target().resolve("classes"));
    path.add(example.resolve("classes"));
    try (Stream<Path> jars = Files.list(example.resolve("lib"))) {
      jars.filter(jar -> engine.isPyTorch() || !isOfPyTorch(jar)).forEach(path::add);
    }
    if (!engine.isPyTorch()) {
      try (Stream<Path> jars = Files.list(installation.target().resolve("djl-onnxruntime"))) {
        jars.forEach(path::add);
      }
    }
    return path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean isOfPyTorch(Path jar) {
    String name = jar.getFileName().toString();
    return OF_PYTORCH.stream().anyMatch(name::startsWith);
  }
}
