package io.innerspan.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Everything that is measured in one generation, alive at once. */
final class Fleet<K> implements AutoCloseable {
  private final Map<K, Program> programs = new LinkedHashMap<>();

  /** Starts JVMs in random order, as many at once as there are processors. */
  static <K> Fleet<K> start(List<Callable<Map<K, Program>>> starts, Random random)
      throws Exception {
    Fleet<K> fleet = new Fleet<>();
    ExecutorService starters =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      // What memory a JVM gets depends on which began before it.
      List<Callable<Map<K, Program>>> order = new ArrayList<>(starts);
      Collections.shuffle(order, random);
      for (Future<Map<K, Program>> started : starters.invokeAll(order)) {
        fleet.programs.putAll(started.get());
      }
      return fleet;
    } catch (Exception e) {
      fleet.close();
      throw e;
    } finally {
      starters.shutdown();
    }
  }

  Program program(K which) {
    return Program.of(which, programs);
  }

  /** Of those that run, these; to be measured against one of them. */
  PairedBlocks<K> blocks(Set<K> measured, K baseline) {
    Map<K, Program> chosen = new LinkedHashMap<>(programs);
    chosen.keySet().retainAll(measured);
    return new PairedBlocks<>(chosen, baseline);
  }

  @Override
  public void close() throws IOException {
    Set<Child> children = new LinkedHashSet<>();
    programs.values().forEach(program -> children.add(program.child()));
    for (Child child : children) {
      child.close();
    }
  }
}
