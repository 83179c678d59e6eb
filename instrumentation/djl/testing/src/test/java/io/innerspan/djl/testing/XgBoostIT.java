package io.innerspan.djl.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.testing.ReceivedSpan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An engine of which only outputs can be read, and which gives all rows of a batch as one. */
class XgBoostIT {
  private static final String APP = "io.innerspan.djl.testing.app.XgBoostApp";
  private static final String CONFIDENCE = "innerspan.confidence.sure.max_probability";

  /** The largest of softmax(1, 2, −0.5), which the model's three trees give for (0, 1, 0). */
  private static final double FIRST = Math.exp(2) / (Math.exp(1) + Math.exp(2) + Math.exp(-0.5));

  /** Likewise of (−1, 0.5, 0.25) for (1, 0, 1). */
  private static final double SECOND =
      Math.exp(0.5) / (Math.exp(-1) + Math.exp(0.5) + Math.exp(0.25));

  @TempDir static Path folder;
  private static Map<Djl, Run> runs;

  @BeforeAll
  static void runAll() throws Exception {
    Path models = Files.createDirectory(folder.resolve("models"));
    Path model =
        Files.writeString(
            models.resolve("tabular.json"),
            BoostedTrees.json(
                new BoostedTrees.Split(0, 0.5, 1, -1),
                new BoostedTrees.Split(1, 0.5, 0.5, 2),
                new BoostedTrees.Split(2, 0.5, -0.5, 0.25)));
    Files.writeString(models.resolve("tabular.txt"), "what the columns mean");
    Path packs = folder.resolve("packs");
    ReadingPack.writeSure(packs, "sure", ReadingPack.sha256(model));
    runs =
        versions()
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    djl -> {
                      List<String> plain = Run.plain(djl, APP, models.toString());
                      return Run.observed(djl, plain, APP, packs.toString(), models.toString());
                    }));
  }

  static Stream<Djl> versions() {
    return Djl.with("xgboost");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void outputs_areTheSame(Djl djl) {
    assertThat(runs.get(djl).plain()).hasSize(3);
    assertThat(runs.get(djl).observed()).isEqualTo(runs.get(djl).plain());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void probabilities_areReadAsTheyAre_rowByRow(Djl djl) {
    List<ReceivedSpan> spans = runs.get(djl).spans("inference tabular");
    assertThat(spans).hasSize(2);
    assertThat(spans.get(0).attribute("innerspan.engine.name")).isEqualTo("xgboost");
    assertThat((double) spans.get(0).attribute(CONFIDENCE)).isCloseTo(FIRST, within(1e-5));
    double ofTwo = (double) spans.get(1).attribute(CONFIDENCE);
    assertThat(Math.min(Math.abs(ofTwo - FIRST), Math.abs(ofTwo - SECOND))).isLessThan(1e-5);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void modelWhoseFileIsNotKnown_isOneLineAndOneCount(Djl djl) {
    Run run = runs.get(djl);
    assertThat(run.span("inference nameless").attribute(CONFIDENCE)).isNull();
    assertThat(run.log())
        .filteredOn(line -> line.contains("nameless runs without readings: no pack can be found"))
        .hasSize(1);
    assertThat(run.count("innerspan.graft.refusal", "unreadable_model", "nameless")).isEqualTo(1);
    assertThat(run.metrics()).noneMatch(metric -> metric.name().equals("innerspan.fault"));
  }
}
