package io.innerspan.workbench.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.Pooling;
import io.innerspan.signals.Probe;
import io.innerspan.signals.pack.GoldenActivation;
import io.innerspan.workbench.MiniLm;
import io.innerspan.workbench.SmallData;
import io.innerspan.workbench.data.GroupSplitter;
import io.innerspan.workbench.data.LabelledTexts;
import io.innerspan.workbench.data.Part;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.data.Shares;
import io.innerspan.workbench.data.Split;
import io.innerspan.workbench.learn.Learner;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TextModel;
import io.innerspan.workbench.model.TextTokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ProbeSearchTest {
  private static final List<Pooling> POOLINGS = Pooling.PLAIN;
  private static final Progress SILENT = new Progress(new PrintWriter(Writer.nullWriter()));

  @TempDir private static Path folder;
  private static TextModel model;
  private static PartData train;
  private static ProbeSearch search;

  @BeforeAll
  static void searchOnce() throws IOException {
    Path data = SmallData.write(folder.resolve("data.csv"));
    Split split =
        new GroupSplitter(Shares.DEFAULT, 1)
            .split(LabelledTexts.read(data, "text", "label", "bad", "family"), "data");
    model = OnnxTextModel.open(MiniLm.model());
    try (TextTokenizer tokenizer = TextTokenizer.open(MiniLm.tokenizer())) {
      train = PartData.of(split.rows(Part.TRAIN), tokenizer);
      PartData validation = PartData.of(split.rows(Part.VALIDATION), tokenizer);
      search = new ProbeSearch(model, train, validation, LearnOptions.DEFAULT, 1, SILENT);
    }
    search.run();
  }

  @Test
  void run_sixLayers_triesEveryPoolingAndStrengthAtEach() {
    assertThat(search.tried())
        .isEqualTo(6 * Pooling.PLAIN.size() * Learner.LOGISTIC.strengths().length);
    assertThat(search.ranked()).isSortedAccordingTo(Candidate.BEST_FIRST);
  }

  @Test
  void ranked_activationsThatHardlyVary_areLeftOut() {
    // The first token of a post-LN model's first layers is nearly the same for every text.
    assertThat(search.ranked()).hasSizeLessThan(search.tried()).allMatch(Candidate::stable);
    assertThat(search.ranked())
        .noneMatch(
            candidate ->
                Pooling.CLS.equals(candidate.pooling())
                    && candidate.hookPoint().name().startsWith("blocks.0.")
                    && candidate.c() == 1);
  }

  @ParameterizedTest
  @FieldSource("POOLINGS")
  void refitted_eachPooling_agreesWithALiveGraftedSessionAndItsOwnGoldenActivations(Pooling pooling)
      throws IOException {
    Candidate best =
        search.ranked().stream()
            .filter(candidate -> pooling.equals(candidate.pooling()))
            .findFirst()
            .orElseThrow();
    Probe probe = search.refitted(best).probe("bad", "bad", "fine");
    // Throws when the live session and the reference disagree.
    GoldenCases golden = new GoldenCases(model, probe, train, SILENT);
    assertThat(golden.inputs()).hasSize(3);
    GoldenActivation activations = new GoldenActivation("bad", golden.x(), golden.logit());
    assertThat(activations.rows()).isEqualTo(5);
    // What decided a row's logit gives that logit by itself, whatever the pooling.
    float[] first = golden.inputs().get(0).logits().get("bad").toFloats();
    assertThat(golden.logit().toFloats()[0]).isCloseTo(first[0], within(1e-4f));
  }
}
