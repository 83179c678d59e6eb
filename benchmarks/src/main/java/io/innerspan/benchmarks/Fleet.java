package io.innerspan.benchmarks;

import io.innerspan.benchmarks.application.InferenceLoop;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
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

/**
 * One JVM per configuration, all alive at once. One at a time runs a short block of inferences
 * while the others wait in a read, so that all are measured within the same seconds.
 */
final class Fleet implements AutoCloseable {
  /** Enough that the compiler has seen the path of an inference, on the smallest input. */
  private static final int WARM_UP_BLOCKS = 10;

  private static final int WARM_UP_RUNS = 200;
  private static final Shape WARM_UP_SHAPE = new Shape(1, 1);
  private static final double WARM_UP_SECONDS = 4;

  private static final double MICROS = 1e-3;

  private final Map<Configuration, Child> children = new EnumMap<>(Configuration.class);

  /** Starts the JVMs and warms them up, as many at once as there are processors. */
  static Fleet start(Set<Configuration> configurations, Installation installation, URI receiver)
      throws Exception {
    Fleet fleet = new Fleet();
    ExecutorService starters =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      Map<Configuration, Future<Child>> starting = new EnumMap<>(Configuration.class);
      for (Configuration configuration : configurations) {
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
    double begin = Progress.seconds();
    for (int i = 0; i < WARM_UP_BLOCKS && Progress.seconds() < begin + WARM_UP_SECONDS; i++) {
      block(child, WARM_UP_SHAPE, 1, WARM_UP_RUNS);
    }
    return child;
  }

  /**
   * Measures every configuration once, in random order, each between two blocks of the baseline.
   *
   * @return latencies in microseconds
   */
  Map<Configuration, PairedRound> round(Shape shape, int threads, int runs, Random random)
      throws IOException {
    List<Configuration> order = new ArrayList<>(children.keySet());
    order.remove(Configuration.PLAIN_AGENT);
    Collections.shuffle(order, random);
    Map<Configuration, PairedRound> round = new EnumMap<>(Configuration.class);
    double[] before = block(Configuration.PLAIN_AGENT, shape, threads, runs);
    for (Configuration configuration : order) {
      double[] candidate = block(configuration, shape, threads, runs);
      double[] after = block(Configuration.PLAIN_AGENT, shape, threads, runs);
      round.put(configuration, new PairedRound(candidate, Samples.concat(List.of(before, after))));
      before = after;
    }
    return round;
  }

  private double[] block(Configuration configuration, Shape shape, int threads, int runs)
      throws IOException {
    Child child = children.get(configuration);
    if (child == null) {
      throw new IllegalStateException(configuration + " does not run");
    }
    return block(child, shape, threads, runs);
  }

  private static double[] block(Child child, Shape shape, int threads, int runs)
      throws IOException {
    child.send(shape.batch() + " " + shape.sequence() + " " + threads + " " + runs);
    return Arrays.stream(child.receive().split(" "))
        .mapToDouble(nanos -> Long.parseLong(nanos) * MICROS)
        .toArray();
  }

  @Override
  public void close() throws IOException {
    for (Child child : children.values()) {
      child.close();
    }
  }
}
