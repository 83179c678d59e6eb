package io.innerspan.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which ways of opening which models are measured. */
final class CreationPlan {
  static final String NEWEST = "1.29.0";

  /** What LangChain4j asks for. */
  static final String SERVICE = "1.20.0";

  /** The model that grows more and more signals. */
  static final int SIGNALS_MEGABYTES = 100;

  private static final List<String> MODES = List.of("path", "bytes", "buffer");

  /** What models of every size get. */
  static final int PROBES = 16;

  private final List<CreationCase> cases = new ArrayList<>();

  /** Within a quarter of an hour. */
  static CreationPlan full() {
    CreationPlan plan = new CreationPlan();
    for (int megabytes : new int[] {1, 10, 100, 500, 2_000}) {
      plan.addModes(megabytes, NEWEST, megabytes <= 100 ? 4 : megabytes <= 500 ? 3 : 2);
    }
    plan.addModes(SIGNALS_MEGABYTES, SERVICE, 3);
    plan.addSignals(3, 1, 10, 100, 1_000, 10_000);
    return plan;
  }

  /** Within two minutes. */
  static CreationPlan quick() {
    CreationPlan plan = new CreationPlan();
    plan.addModes(1, NEWEST, 2);
    plan.addModes(SIGNALS_MEGABYTES, NEWEST, 2);
    plan.addSignals(2, 1, 1_000);
    return plan;
  }

  /**
   * The cases of some models and packs.
   *
   * @param megabytes the models' sizes; empty for all
   * @param probes the packs' sizes; empty for all
   * @throws IllegalArgumentException when no case is left
   */
  CreationPlan only(Set<Integer> megabytes, Set<Integer> probes) {
    CreationPlan some = new CreationPlan();
    for (CreationCase one : cases) {
      if ((megabytes.isEmpty() || megabytes.contains(one.model().megabytes()))
          && (probes.isEmpty() || probes.contains(one.probes()))) {
        some.cases.add(one);
      }
    }
    if (some.cases.isEmpty()) {
      throw new IllegalArgumentException(
          "expected megabytes and probes that are measured, found " + megabytes + ", " + probes);
    }
    return some;
  }

  /** The same cases, each so many times as often. */
  CreationPlan times(int times) {
    CreationPlan more = new CreationPlan();
    for (CreationCase one : cases) {
      more.cases.add(
          new CreationCase(
              one.model(), one.mode(), one.probes(), one.onnxRuntime(), one.rounds() * times));
    }
    return more;
  }

  private void addModes(int megabytes, String onnxRuntime, int rounds) {
    GeneratedModel model = GeneratedModel.ofMegabytes(megabytes);
    for (String mode : MODES) {
      cases.add(new CreationCase(model, mode, PROBES, onnxRuntime, rounds));
    }
  }

  private void addSignals(int rounds, int... counts) {
    GeneratedModel model = GeneratedModel.ofMegabytes(SIGNALS_MEGABYTES);
    for (int count : counts) {
      cases.add(new CreationCase(model, "path", count, NEWEST, rounds));
    }
  }

  List<CreationCase> cases() {
    return List.copyOf(cases);
  }

  private CreationPlan() {}
}
