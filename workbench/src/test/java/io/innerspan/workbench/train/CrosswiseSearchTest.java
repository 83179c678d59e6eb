package io.innerspan.workbench.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Probe;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.LabelledText;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.learn.Learner;
import io.innerspan.workbench.learn.LinearModel;
import io.innerspan.workbench.model.TextModel;
import io.innerspan.workbench.model.TokenIds;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The choice over folds, on texts of twenty tokens of noise: in positive ones a token in the middle
 * stands out in one direction, which the noise of the others hides in the mean.
 */
class CrosswiseSearchTest {
  private static final int TOKENS = 20;
  private static final int WIDTH = 6;
  private static final LearnOptions OPTIONS =
      new LearnOptions(List.of(Learner.LOGISTIC), false, 4, false);

  @Test
  void ranked_conceptOfOneToken_isFoundByMax_andTheSameAgain() throws IOException {
    ProbeSearch search = search(false);
    Candidate best = search.ranked().get(0);
    assertThat(best.pooling()).isEqualTo(Pooling.MAX);
    assertThat(best.auroc()).isGreaterThan(0.95);
    assertThat(search.ranked())
        .filteredOn(candidate -> !Pooling.MAX.equals(candidate.pooling()))
        .hasSize(3 * Learner.LOGISTIC.strengths().length)
        .allMatch(candidate -> candidate.auroc() < 0.9);
    // The direction that was planted is the greatest of the weights.
    double[] weight = ((LinearModel) search.refitted(best).model()).weight();
    for (int d = 1; d < WIDTH; d++) {
      assertThat(Math.abs(weight[d])).isLessThan(weight[0] / 3);
    }
    Candidate again = search(false).ranked().get(0);
    assertThat(again.auroc()).isEqualTo(best.auroc());
    assertThat(again.loss()).isEqualTo(best.loss());
    assertThat(again.c()).isEqualTo(best.c());
  }

  /** Neither the tokens nor the weights may know the label of the row that they judge. */
  @Test
  void ranked_labelsByLot_areNotFound() throws IOException {
    assertThat(search(true).ranked())
        .allMatch(candidate -> candidate.auroc() > 0.35 && candidate.auroc() < 0.65);
  }

  private static ProbeSearch search(boolean byLot) throws IOException {
    Random random = new Random(5);
    PartData train = part(0, 240, byLot, random);
    PartData validation = part(240, 80, byLot, random);
    Progress silent = new Progress(new PrintWriter(Writer.nullWriter()));
    ProbeSearch search = new ProbeSearch(new Noise(), train, validation, OPTIONS, 1, silent);
    search.run();
    return search;
  }

  private static PartData part(int from, int count, boolean byLot, Random random) {
    List<LabelledText> rows = new ArrayList<>();
    List<TokenIds> tokens = new ArrayList<>();
    for (int row = from; row < from + count; row++) {
      boolean planted = row % 2 == 0;
      boolean positive = byLot ? random.nextBoolean() : planted;
      rows.add(new LabelledText(row + 1, "t" + row, positive ? "yes" : "no", positive, "g" + row));
      long[] ids = {row};
      tokens.add(new TokenIds(ids, new long[1], new boolean[1], new int[1], new int[1]));
    }
    return new PartData(rows, tokens);
  }

  /** The first token's id is the text's number, whose even ones have the concept. */
  private static final class Noise implements TextModel {
    @Override
    public void visit(
        List<TokenIds> texts, List<HookPoint> places, Progress.Counter progress, Visitor visitor)
        throws IOException {
      for (int text = 0; text < texts.size(); text++) {
        long number = texts.get(text).ids()[0];
        Random random = new Random(1000 + number);
        float[][] tokens = new float[TOKENS][WIDTH];
        for (float[] token : tokens) {
          for (int d = 0; d < WIDTH; d++) {
            token[d] = (float) random.nextGaussian();
          }
        }
        if (number % 2 == 0) {
          tokens[1 + random.nextInt(TOKENS - 2)][0] += 5;
        }
        visitor.visit(text, List.<float[][]>of(tokens));
      }
    }

    @Override
    public List<HookPoint> layerOutputs() {
      return List.of(new HookPoint("blocks.0.hook_resid_post"));
    }

    @Override
    public String sha256() {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable String structureDigest() {
      return null;
    }

    @Override
    public List<float[]> readings(Probe probe, List<List<TokenIds>> batches) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Tensor> inputs(List<TokenIds> batch) {
      throw new UnsupportedOperationException();
    }
  }
}
