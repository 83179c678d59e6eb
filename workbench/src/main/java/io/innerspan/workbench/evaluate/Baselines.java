package io.innerspan.workbench.evaluate;

import java.util.List;

/** What a probe has to beat, and the controls that nothing should be beaten by. */
final class Baselines {
  static final List<Baseline> ALL =
      List.of(
          TextBaseline.TF_IDF,
          TextBaseline.NAIVE_BAYES,
          new OutputBaseline(),
          TextBaseline.LENGTH,
          ActivationBaseline.RANDOM_DIRECTION,
          ActivationBaseline.LABEL_SHUFFLED,
          ActivationBaseline.DIFFERENCE_OF_MEANS);

  private Baselines() {}
}
