package io.innerspan.examples.djltext.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import io.innerspan.examples.djltext.model.Size;
import io.innerspan.examples.djltext.train.ClassifierTraining.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClassifierTrainingTest {
  private static final int TELLING = 5;
  private static final Size SIZE = new Size(20, 8, 8, 2, 16, 1, 2);

  @Test
  void train_oneWordTells_isLearnt() {
    List<Float> losses = train(1);

    assertThat(losses.get(0)).isGreaterThan(0.4f);
    assertThat(losses.get(losses.size() - 1)).isLessThan(losses.get(0) / 2);
  }

  @Test
  void train_sameSeed_isTheSame() {
    assertThat(train(1)).isEqualTo(train(1)).isNotEqualTo(train(2));
  }

  private static List<Float> train(long seed) {
    try (Model model = Model.newInstance("toy", Device.cpu(), "PyTorch")) {
      return new ClassifierTraining(examples(), seed).train(model, SIZE, 12, line -> {});
    }
  }

  /** Texts of eight tokens, of which half have the telling one. */
  private static List<Example> examples() {
    Random random = new Random(3);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      long[] ids = random.longs(8, TELLING + 1, 20).toArray();
      ids[0] = WordTokenizer.BEGINNING;
      if (i % 2 == 1) {
        ids[1 + random.nextInt(3)] = TELLING;
        ids[4 + random.nextInt(4)] = TELLING;
      }
      examples.add(new Example(ids, i % 2));
    }
    return examples;
  }
}
