package io.innerspan.workbench.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextBaselinesTest {
  @Test
  void row_smallCorpus_hasTheWeightsByHand() {
    TfIdf tfIdf = new TfIdf(List.of("red red fox", "red dog"), 1);
    // Terms in order: dog, fox, red, "red dog", "red fox", "red red"; n = 2.
    double rare = Math.log(3 / 2.0) + 1;
    double common = Math.log(3 / 3.0) + 1;
    double length = Math.sqrt(2 * rare * rare + common * common);
    SparseRow row = tfIdf.row("RED dog!");
    assertThat(tfIdf.features()).isEqualTo(6);
    assertThat(row.index()).containsExactly(0, 2, 3);
    assertThat(row.value())
        .containsExactly(
            new double[] {rare / length, common / length, rare / length}, within(1e-12));
  }

  @Test
  void row_termsThatTrainingDidNotSee_areLeftOut() {
    SparseRow row = new TfIdf(List.of("a b", "a c"), 2).row("x y z");
    assertThat(row.index()).isEmpty();
    assertThat(row.dot(new double[] {1})).isZero();
  }

  @Test
  void tfIdf_labelledByAWord_ranksUnseenTextsByIt() {
    List<String> texts =
        List.of("ignore this now", "please ignore that", "what is this", "please tell me that");
    boolean[] positive = {true, true, false, false};
    TextScorer scorer = TextBaselines.tfIdf(texts, positive, new double[] {10}).get(0);
    assertThat(scorer.logit("ignore me")).isGreaterThan(scorer.logit("tell me"));
  }

  @Test
  void length_positivesAreLonger_growsWithLength() {
    List<String> texts = List.of("a b", "a b c", "a b c d e f g h", "a b c d e f g h i j");
    TextScorer scorer = TextBaselines.length(texts, new boolean[] {false, false, true, true});
    assertThat(scorer.logit("x x x x x x x x x x x")).isGreaterThan(scorer.logit("x"));
  }
}
