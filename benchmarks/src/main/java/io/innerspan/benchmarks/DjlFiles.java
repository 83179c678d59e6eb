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
import java.util.Set;
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

  /** Makes the models, and packs for engines. */
  void write(Set<DjlEngine> engines) throws Exception {
    Progress.say("making models and packs");
    makeModels();
    for (DjlEngine engine : engines) {
      writePacks(engine);
    }
  }

  /** In a JVM that has PyTorch. */
  private void makeModels() throws IOException, InterruptedException {
    for (DjlConfiguration configuration : DjlConfiguration.PREDICTORS) {
      Files.createDirectories(folder(configuration));
    }
    List<String> command = new ArrayList<>(java());
    command.addAll(
        List.of(
            "-cp",
            classPath(DjlEngine.SCRIPT)
                + File.pathSeparator
                + System.getProperty("java.class.path"),
            DjlModels.class.getName()));
    for (DjlConfiguration configuration : DjlConfiguration.PREDICTORS) {
      if (configuration != DjlConfiguration.UNREAD_AA) {
        command.add(folder(configuration).toString());
        RenamedModel.write(
            installation.model(),
            "_" + configuration.model(),
            model(DjlEngine.ONNX, configuration));
      }
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("the models cannot be made:\n" + said);
    }
  }

  private void writePacks(DjlEngine engine) throws Exception {
    for (DjlConfiguration configuration : DjlConfiguration.PREDICTORS) {
      if (!configuration.hasPack()) {
        continue;
      }
      Path pack = pack(engine, configuration);
      Path model = model(engine, configuration);
      if (engine.isPyTorch()) {
        DjlPack.write(
            pack, model, configuration, folder(configuration).resolve(DjlModels.ACTIVATIONS));
      } else {
        RandomPack.write(pack, model, configuration.signals(), configuration.sampling());
      }
    }
  }

  /** The folder of a predictor's models, and of what their layers give. */
  Path folder(DjlConfiguration configuration) {
    return folder.resolve(configuration.model());
  }

  /** A JVM of its own has the model that no pack is for. */
  Path model(DjlEngine engine, DjlConfiguration configuration) {
    boolean predictor = DjlConfiguration.PREDICTORS.contains(configuration);
    DjlConfiguration modelled = predictor ? configuration : DjlConfiguration.UNREAD;
    return folder(modelled).resolve(engine.file(modelled.model()));
  }

  /** The folder of all packs. */
  Path packs(DjlEngine engine) {
    return folder.resolve("packs").resolve(engine.label());
  }

  Path pack(DjlEngine engine, DjlConfiguration configuration) {
    return packs(engine).resolve(configuration.label());
  }

  /** Runs a JVM of its own. */
  List<String> command(DjlEngine engine, DjlConfiguration configuration, URI receiver)
      throws IOException {
    return command(
        engine,
        configuration.isOurs() ? installation.innerspanAgent() : installation.upstreamAgent(),
        receiver,
        List.of(),
        List.of(configuration));
  }

  /** Runs predictors in one JVM. What is sampled is never computed. */
  List<String> command(DjlEngine engine, List<DjlConfiguration> predictors, URI receiver)
      throws IOException {
    return command(
        engine,
        installation.innerspanAgent(),
        receiver,
        List.of(
            Configuration.packs(packs(engine)), "-Dotel.instrumentation.innerspan.sampling-rate=0"),
        predictors);
  }

  private List<String> command(
      DjlEngine engine,
      Path agent,
      URI receiver,
      List<String> settings,
      List<DjlConfiguration> predictors)
      throws IOException {
    List<String> command = new ArrayList<>(java());
    command.add("-javaagent:" + agent);
    command.add("-Dotel.service.name=benchmark");
    command.add("-Dotel.exporter.otlp.endpoint=" + receiver);
    command.addAll(settings);
    command.addAll(List.of("-cp", classPath(engine), DjlLoop.class.getName(), engine.engine()));
    for (DjlConfiguration predictor : predictors) {
      command.add(model(engine, predictor).toString());
    }
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
