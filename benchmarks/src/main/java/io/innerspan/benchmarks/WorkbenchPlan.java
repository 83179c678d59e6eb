package io.innerspan.benchmarks;

/**
 * How much of the workbench is measured.
 *
 * @param captured texts of each round of capture
 * @param generations JVMs that capture, one after the other
 * @param rounds of capture in each, beside one to warm up
 * @param prolonged texts of each round of capture of all layers, where opening a model is little
 * @param large texts that are captured once, more than memory could hold the activations of
 * @param trained texts that are learnt from
 * @param trainings rounds of {@code train}, in one JVM, and of the peer
 */
record WorkbenchPlan(
    int captured,
    int generations,
    int rounds,
    int prolonged,
    int large,
    int trained,
    int trainings) {
  static final WorkbenchPlan FULL = new WorkbenchPlan(5_000, 2, 2, 20_000, 40_000, 5_000, 2);
  static final WorkbenchPlan QUICK = new WorkbenchPlan(400, 1, 3, 1_200, 4_000, 1_000, 1);
}
