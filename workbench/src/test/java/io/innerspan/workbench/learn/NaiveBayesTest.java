package io.innerspan.workbench.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class NaiveBayesTest {
  @Test
  void logit_twoTexts_isTheSumOfTheNgramsLogOdds() {
    // " ab " and " cd " have the n-grams " a", "ab", "b ", " ab", "ab ", " ab " and their like: no
    // n-gram in common, 12 in all, each seen once.
    TextScorer scorer =
        NaiveBayes.learnt(List.of("ab", "cd"), new boolean[] {true, false}, new double[] {1})
            .get(0);

    assertThat(scorer.logit("ab")).isCloseTo(6 * Math.log(2), within(1e-9));
    assertThat(scorer.logit("CD ")).isCloseTo(-6 * Math.log(2), within(1e-9));
    assertThat(scorer.logit("xyz")).as("nothing known").isCloseTo(0, within(1e-9));
  }
}
