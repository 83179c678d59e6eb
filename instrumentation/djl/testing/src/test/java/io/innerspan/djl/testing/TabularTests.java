package io.innerspan.djl.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.testing.ReceivedSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A model of three features on an engine of which only outputs can be read. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TabularTests {
  static final int FEATURES = 3;

  private static final String APP = "io.innerspan.djl.testing.app.TabularApp";
  private static final String CONFIDENCE = "innerspan.confidence.sure.max_probability";

  /** The scores of (0, 1, 0), of each class. */
  private static final double[] FIRST = {1, 2, -0.5};

  /** Likewise of (1, 0, 1). */
  private static final double[] SECOND = {-1, 0.5, 0.25};

  private final String engine;
  private final int classes;
  private Map<Djl, Run> runs = Map.of();

  /**
   * @param engine as DJL calls it
   * @param classes how many of those that have scores the model has
   */
  TabularTests(String engine, int classes) {
    this.engine = engine;
    this.classes = classes;
  }

  abstract Stream<Djl> versions();

  /**
   * Writes the model {@code tabular}, and a file that is not its.
   *
   * @return what its digest is of
   */
  abstract Path write(Path folder) throws IOException;

  @BeforeAll
  void runAll(@TempDir Path folder) throws Exception {
    Path models = Files.createDirectory(folder.resolve("models"));
    Path packs = folder.resolve("packs");
    ReadingPack.writeSure(packs, "sure", ReadingPack.sha256(write(models)));
    String[] arguments = {engine, models.toString()};
    runs =
        versions()
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    djl -> {
                      List<String> plain = Run.plain(djl, APP, arguments);
                      return Run.observed(djl, plain, APP, packs.toString(), arguments);
                    }));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void outputs_areTheSame(Djl djl) {
    assertThat(runs.get(djl).plain()).hasSize(3);
    assertThat(runs.get(djl).observed()).isEqualTo(runs.get(djl).plain());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void confidence_isRead_rowByRow(Djl djl) {
    List<ReceivedSpan> spans = runs.get(djl).spans("inference tabular");
    assertThat(spans).hasSize(2);
    assertThat(spans.get(0).attribute("innerspan.engine.name"))
        .isEqualTo(engine.toLowerCase(Locale.ROOT));
    double first = confidence(FIRST);
    assertThat((double) spans.get(0).attribute(CONFIDENCE)).isCloseTo(first, within(1e-5));
    double ofTwo = (double) spans.get(1).attribute(CONFIDENCE);
    assertThat(Math.min(Math.abs(ofTwo - first), Math.abs(ofTwo - confidence(SECOND))))
        .isLessThan(1e-5);
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

  /** The largest of the softmax of the model's classes. */
  private double confidence(double[] scores) {
    double[] powers = Arrays.stream(scores).limit(classes).map(Math::exp).toArray();
    return Arrays.stream(powers).max().orElseThrow() / Arrays.stream(powers).sum();
  }
}
