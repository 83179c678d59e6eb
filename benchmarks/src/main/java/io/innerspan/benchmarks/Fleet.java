package io.innerspan.benchmarks;

import io.innerspan.benchmarks.application.InferenceLoop;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One JVM per configuration, all alive at once. */
final class Fleet implements AutoCloseable {
  /** Enough that the compiler has seen the path of an inference, on the smallest input. */
  private static final int WARM_UP_BLOCKS = 10;

  private static final int WARM_UP_RUNS = 200;
  private static final Shape WARM_UP_SHAPE = new Shape(1, 1);
  private static final double WARM_UP_SECONDS = 4;

  /** Enough for the governor to know what the gates cost that are open for every inference. */
  private static final int SETTLING_BLOCKS = 90;

  private static final int SETTLING_RUNS = 50;
  private static final double SETTLING_SECONDS = 60;

  private final Map<Configuration, Child> children = new EnumMap<>(Configuration.class);

  /** Starts the JVMs and warms them up, as many at once as there are processors. */
  static Fleet start(Set<Configuration> configurations, Installation installation, URI receiver)
      throws Exception {
    Fleet fleet = new Fleet();
    ExecutorService starters =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      Map<Configuration, Future<Child>> starting = new EnumMap<>(Configuration.class);
      List<Configuration> order = new ArrayList<>(configurations);
      Collections.shuffle(order); // What memory a JVM gets depends on which began before it.
      for (Configuration configuration : order) {
        Callable<Child> start = () -> start(configuration, installation, receiver);
        starting.put(configuration, starters.submit(start));
      }
      for (Map.Entry<Configuration, Future<Child>> started : starting.entrySet()) {
        fleet.children.put(started.getKey(), started.getValue().get());
      }
      return fleet;
    } finally {
      starters.shutdown();
    }
  }

  private static Child start(Configuration configuration, Installation installation, URI receiver)
      throws IOException, InterruptedException {
    Child child =
        new Child(
            configuration.label(),
            installation.command(
                configuration.jvmArguments(installation, receiver),
                InferenceLoop.class,
                installation.model().toString()));
    child.await(InferenceLoop.READY);
    if (configuration.hasPack()) {
      child.awaitReadings();
    }
    warmUp(child, WARM_UP_SHAPE, WARM_UP_BLOCKS, WARM_UP_RUNS, WARM_UP_SECONDS);
    return child;
  }

  private static void warmUp(Child child, Shape shape, int blocks, int runs, double seconds)
      throws IOException {
    double begin = Progress.seconds();
    for (int i = 0; i < blocks && Progress.seconds() < begin + seconds; i++) {
      PairedBlocks.block(child, shape, 1, runs);
    }
  }

  /** Lets the governors learn what signals cost at inputs of this shape. */
  void settle(Shape shape) throws IOException {
    for (Map.Entry<Configuration, Child> child : children.entrySet()) {
      if (child.getKey().isGoverned()) {
        warmUp(child.getValue(), shape, SETTLING_BLOCKS, SETTLING_RUNS, SETTLING_SECONDS);
      }
    }
  }

  /**
   * Measures every configuration once, as {@link PairedBlocks} does, against the plain agent.
   *
   * @return latencies in microseconds
   */
  Map<Configuration, PairedRound> round(Shape shape, int threads, int runs, Random random)
      throws IOException {
    return new PairedBlocks<>(children, Configuration.PLAIN_AGENT)
        .round(shape, threads, runs, random);
  }

  @Override
  public void close() throws IOException {
    for (Child child : children.values()) {
      child.close();
    }
  }
}
