package io.innerspan.benchmarks;

import io.innerspan.benchmarks.application.InferenceLoop;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;

/** Starts what a plan measures, and brings it to the state in which it is measured. */
final class OverheadPrograms {
  /** Enough that the compiler has seen the path of an inference, on the smallest input. */
  private static final int WARM_UP_BLOCKS = 10;

  private static final int WARM_UP_RUNS = 200;
  private static final Shape WARM_UP_SHAPE = new Shape(1, 1);
  private static final double WARM_UP_SECONDS = 4;

  /** Enough for the governor to know what the gates cost that are open for every inference. */
  private static final int SETTLING_BLOCKS = 90;

  private static final int SETTLING_RUNS = 50;
  private static final double SETTLING_SECONDS = 60;

  private final OverheadPlan plan;
  private final Installation installation;
  private final SessionFiles files;

  OverheadPrograms(OverheadPlan plan, Installation installation, SessionFiles files) {
    this.plan = plan;
    this.installation = installation;
    this.files = files;
  }

  /** A start for each JVM; the sessions are opened in random order. */
  List<Callable<Map<Configuration, Program>>> starts(URI receiver, Random random) {
    List<Callable<Map<Configuration, Program>>> starts = new ArrayList<>();
    for (Configuration configuration : plan.jvms()) {
      starts.add(() -> Map.of(configuration, start(configuration, receiver)));
    }
    List<Configuration> order = new ArrayList<>(plan.sessions());
    Collections.shuffle(order, random);
    starts.add(() -> open(order, receiver));
    return starts;
  }

  private Program start(Configuration configuration, URI receiver) throws IOException {
    Program program =
        Program.of(
            start(
                configuration.label(),
                configuration.jvmArguments(installation, receiver),
                List.of(files.original().toString())));
    warmUp(List.of(program), WARM_UP_SHAPE, WARM_UP_RUNS, WARM_UP_BLOCKS, WARM_UP_SECONDS);
    return program;
  }

  private Map<Configuration, Program> open(List<Configuration> order, URI receiver)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(Configuration.UNREAD.jvmArguments(installation, receiver));
    arguments.add(Configuration.packs(files.packs()));
    switch (plan.sampling()) {
      case EVERY_INFERENCE -> arguments.add("-Dotel.instrumentation.innerspan.sampling-rate=1");
      case STRICT -> arguments.add("-Dotel.instrumentation.innerspan.sampling-strict=true");
      case DEFAULT -> {}
    }
    Child child =
        start(
            "sessions",
            arguments,
            order.stream().map(each -> files.model(each).toString()).toList());
    child.awaitReadings(order.stream().filter(Configuration::hasPack).count());
    Map<Configuration, Program> opened = Program.sessions(child, order);
    warmUp(
        List.copyOf(opened.values()), WARM_UP_SHAPE, WARM_UP_RUNS, WARM_UP_BLOCKS, WARM_UP_SECONDS);
    return opened;
  }

  private Child start(String name, List<String> jvmArguments, List<String> models)
      throws IOException {
    Child child =
        new Child(
            name,
            installation.command(jvmArguments, InferenceLoop.class, models.toArray(String[]::new)));
    child.await(InferenceLoop.READY);
    return child;
  }

  /** Sessions of one JVM share its compiled code, and so the blocks that it takes. */
  private static void warmUp(
      List<Program> programs, Shape shape, int runs, int blocks, double seconds)
      throws IOException {
    double end = Progress.seconds() + seconds;
    for (int i = 0; i < programs.size() || (i < blocks && Progress.seconds() < end); i++) {
      programs.get(i % programs.size()).block(shape, 1, runs);
    }
  }

  /** Lets governors learn what signals cost at inputs of this shape. */
  void settle(Fleet<Configuration> fleet, Shape shape) throws IOException {
    for (Configuration session : plan.sessions()) {
      if (plan.sampling() != OverheadPlan.Sampling.EVERY_INFERENCE && session.signals() != null) {
        warmUp(
            List.of(fleet.program(session)),
            shape,
            SETTLING_RUNS,
            SETTLING_BLOCKS,
            SETTLING_SECONDS);
      }
    }
  }
}
