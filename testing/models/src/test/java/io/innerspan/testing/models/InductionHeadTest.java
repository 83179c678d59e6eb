package io.innerspan.testing.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.testing.models.InductionAnswers.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InductionHeadTest {
  private static final SmallModel MODEL = InductionHead.model();

  @ParameterizedTest
  @EnumSource
  void patternsAndLogits_ofAnyRow_areThoseOfTheConstruction(Padding padding) throws Exception {
    for (int seed = 1; seed <= 5; seed++) {
      ExampleShape shape = ExampleShape.of(4, 15).withPadding(padding).withSeed(seed);
      Map<String, ExampleTensor> example = MODEL.example(shape);
      Map<String, Ort.Output> outputs = Ort.run(Taps.expose(MODEL), example);
      for (int row = 0; row < 4; row++) {
        check(outputs, Row.of(example, row), row);
      }
    }
  }

  private static void check(Map<String, Ort.Output> outputs, Row row, int number) {
    InductionAnswers answers = new InductionAnswers(row.ids());
    for (int query = 0; query < row.ids().size(); query++) {
      float[] logits = outputs.get("logits").at(number, row.first() + query);
      for (int token = 0; token < logits.length; token++) {
        assertThat((double) logits[token]).isCloseTo(answers.logits(query)[token], within(1e-5));
      }
    }
    for (int layer = 0; layer < InductionHead.LAYERS; layer++) {
      String tensor = MODEL.hooks().get("blocks." + layer + ".attn.hook_pattern");
      for (int head = 0; head < InductionHead.HEADS; head++) {
        double[][] expected = answers.pattern(layer, head);
        for (int query = 0; query < expected.length; query++) {
          float[] found = outputs.get(tensor).at(number, head, row.first() + query);
          for (int key = 0; key < expected.length; key++) {
            assertThat((double) found[row.first() + key])
                .isCloseTo(expected[query][key], within(1e-6));
          }
        }
      }
    }
  }

  @Test
  void answers_afterARepeatedToken_areTheTokenAfterIt() {
    InductionAnswers answers = new InductionAnswers(List.of(0, 5, 9, 3, 5));
    assertThat(answers.pattern(1, 0)[4]).containsExactly(0, 0, 1, 0, 0);
    assertThat(answers.logits(4)[9]).isEqualTo(InductionHead.CERTAIN_LOGIT);
    assertThat(answers.pattern(0, 0)[4]).containsExactly(0, 0, 0, 1, 0);
    assertThat(answers.pattern(1, 0)[3]).containsExactly(1, 0, 0, 0, 0);
    assertThat(answers.distance(1, 0, 4)).isEqualTo(2);
    assertThat(answers.entropy(0, 2, 4)).isCloseTo(Math.log(5), within(1e-12));
    assertThat(answers.distance(0, 2, 4)).isCloseTo(2, within(1e-12));
    assertThat(answers.sinkShare(0, 1, 4)).isEqualTo(1);
    assertThat(InductionAnswers.kind(1, 3)).isEqualTo(Kind.SELF);
  }

  /** The real tokens of a row of an example. */
  private record Row(int first, List<Integer> ids) {
    static Row of(Map<String, ExampleTensor> example, int row) {
      long[] ids = example.get("input_ids").longs();
      long[] mask = example.get("attention_mask").longs();
      int columns = (int) example.get("input_ids").shape()[1];
      int first = 0;
      while (mask[row * columns + first] == 0) {
        first++;
      }
      List<Integer> real = new ArrayList<>();
      for (int column = first; column < columns && mask[row * columns + column] == 1; column++) {
        real.add((int) ids[row * columns + column]);
      }
      return new Row(first, real);
    }
  }
}
