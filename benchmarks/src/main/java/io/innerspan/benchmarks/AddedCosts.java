package io.innerspan.benchmarks;

import io.innerspan.benchmarks.jmh.CallerAllocation;
import io.innerspan.benchmarks.jmh.InferenceBenchmark;
import io.innerspan.benchmarks.jmh.StubbedEngine;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures with JMH what Innerspan adds in Java: whole agents around the engine's own Java code,
 * with a stub in place of the native call, each in a JVM of its own. The plain upstream agent's
 * cost is subtracted. Exporters discard, so that hundreds of thousands of spans a second do not
 * make their sending the bottleneck; everything before that is as it always is.
 */
final class AddedCosts {
  private static final TimeValue ITERATION = TimeValue.milliseconds(400);

  private final Installation installation;
  private final SessionFiles files;
  private final int forks;

  /**
   * @param files the models and packs, made before
   * @param forks the JVMs per configuration
   */
  AddedCosts(Installation installation, SessionFiles files, int forks) throws IOException {
    this.installation = installation;
    this.files = files;
    this.forks = forks;
    Path stubbed = installation.target().resolve("stubbed-engine");
    StubbedEngine.write(stubbed);
    // JMH hands its own class path on.
    String classPath = System.getProperty("java.class.path");
    if (!classPath.startsWith(stubbed + File.pathSeparator)) {
      System.setProperty("java.class.path", stubbed + File.pathSeparator + classPath);
    }
  }

  /** Measures all configurations of ours. */
  Map<Configuration, AddedCost> measure(int rows, int threads) throws RunnerException {
    RunResult plain = run(Configuration.PLAIN_AGENT, rows, threads);
    Map<Configuration, AddedCost> costs = new EnumMap<>(Configuration.class);
    for (Configuration configuration : Configuration.OURS) {
      RunResult ours = run(configuration, rows, threads);
      costs.put(
          configuration,
          new AddedCost(
              (median(ours, AddedCosts::nanos) - median(plain, AddedCosts::nanos)) / 1_000,
              Math.hypot(
                      ours.getPrimaryResult().getScoreError(),
                      plain.getPrimaryResult().getScoreError())
                  / 1_000,
              median(ours, AddedCosts::bytes) - median(plain, AddedCosts::bytes)));
    }
    return costs;
  }

  private RunResult run(Configuration configuration, int rows, int threads) throws RunnerException {
    Progress.say("JMH: " + configuration.label() + ", rows " + rows + ", threads " + threads);
    List<String> arguments = new ArrayList<>(configuration.agentArguments(installation));
    arguments.addAll(
        List.of(
            "-XX:-PrintWarnings",
            "-Dotel.javaagent.logging=none",
            "-Dotel.javaagent.extensions=" + installation.discardingExporters(),
            "-Dotel.traces.exporter=discard",
            "-Dotel.metrics.exporter=discard",
            "-Dotel.logs.exporter=discard",
            "-D" + InferenceBenchmark.PROBES + "=" + configuration.probes()));
    Path model = files.original();
    if (configuration.hasPack()) {
      model = files.model(configuration);
      arguments.add(Configuration.packs(files.pack(configuration)));
    }
    arguments.add("-D" + InferenceBenchmark.MODEL + "=" + model);
    return new Runner(
            new OptionsBuilder()
                .include(InferenceBenchmark.class.getName())
                .param("rows", String.valueOf(rows))
                .threads(threads)
                .forks(forks)
                .warmupIterations(5)
                .warmupTime(ITERATION)
                .measurementIterations(6)
                .measurementTime(ITERATION)
                .addProfiler(CallerAllocation.class)
                .jvmArgsAppend(arguments.toArray(String[]::new))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build())
        .runSingle();
  }

  private static double median(RunResult result, ToDoubleFunction<IterationResult> value) {
    return Samples.median(
        result.getBenchmarkResults().stream()
            .map(BenchmarkResult::getIterationResults)
            .flatMap(iterations -> iterations.stream())
            .mapToDouble(value)
            .toArray());
  }

  private static double nanos(IterationResult iteration) {
    return iteration.getPrimaryResult().getScore();
  }

  private static double bytes(IterationResult iteration) {
    Result<?> bytes = iteration.getSecondaryResults().get(CallerAllocation.BYTES);
    if (bytes == null) {
      throw new IllegalStateException("expected " + CallerAllocation.BYTES + ", found nothing");
    }
    return bytes.getScore();
  }
}
