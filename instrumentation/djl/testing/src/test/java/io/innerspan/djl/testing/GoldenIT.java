package io.innerspan.djl.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.djl.testing.app.Tokens;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.testing.ReceivedSpan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Packs are held to their golden inputs before anything is read of a model. */
class GoldenIT {
  private static final String APP = "io.innerspan.djl.testing.app.GoldenApp";

  @TempDir static Path folder;
  private static Map<Djl, Run> runs;

  @BeforeAll
  static void runAll() throws Exception {
    Path packs = folder.resolve("packs");
    Path models = Files.createDirectory(folder.resolve("models"));
    script("right", 0.5).write(packs, sha256(Script.summer(models.resolve("right.pt"), 0.5)));
    script("wrong", 0.25)
        .wrong()
        .write(packs, sha256(Script.summer(models.resolve("wrong.pt"), 0.25)));
    script("misnamed", 0.75)
        .naming("tokens")
        .write(packs, sha256(Script.summer(models.resolve("misnamed.pt"), 0.75)));
    Path both = Script.summer(models.resolve("both.pt"), 0.125);
    script("both_right", 0.125).write(packs, sha256(both));
    script("both_wrong", 0.125).wrong().write(packs, sha256(both));
    script("keeper", 0.5).write(packs, sha256(Script.keeper(models.resolve("keeper.pt"))));
    script("drawer", 0.5).write(packs, sha256(Script.drawer(models.resolve("drawer.pt"))));
    List<String> blocks = Run.plain(versions().findFirst().orElseThrow(), APP);
    block("block2", 2).write(packs, blocks.get(0));
    block("block3", 3).wrong().write(packs, blocks.get(1));
    block("block4", 4).naming("tokens").write(packs, blocks.get(2));
    runs =
        versions()
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    djl ->
                        Run.observed(
                            djl,
                            Run.plain(djl, APP, models.toString()),
                            APP,
                            packs.toString(),
                            models.toString())));
  }

  private static ReadingPack script(String id, double scale) {
    return new ReadingPack(id, "hidden", 3, scale);
  }

  private static ReadingPack block(String id, int weight) {
    return new ReadingPack(id, "01Linear", 3, "data0", token -> linear(token, weight), 0);
  }

  /** What a linear layer of equal weights makes of a token. */
  private static float[] linear(float[] token, int weight) {
    float[] sums = new float[token.length];
    Arrays.fill(sums, weight * (token[0] + token[1] + token[2]));
    return sums;
  }

  private static String sha256(Path file) throws Exception {
    return ReadingPack.sha256(file);
  }

  static Stream<Djl> versions() {
    return Djl.with("pytorch-engine");
  }

  /** Also those of a model that keeps something or draws random numbers. */
  @ParameterizedTest
  @MethodSource("versions")
  void outputs_areTheSame(Djl djl) {
    assertThat(runs.get(djl).observed()).isEqualTo(runs.get(djl).plain());
    assertThat(runs.get(djl).plain()).hasSize(3 * 9);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void packThatIsRight_isReadFromTheFirstInference(Djl djl) {
    assertReadings(djl, "right", script("right", 0.5));
    assertReadings(djl, "both", script("both_right", 0.125));
    assertReadings(djl, "block2", block("block2", 2));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void modelThatKeepsSomething_isReadAsItStood(Djl djl) {
    List<ReceivedSpan> spans = runs.get(djl).spans("inference keeper");
    for (int kept = 0; kept < 2; kept++) {
      int before = kept;
      assertReading(
          spans.get(kept),
          script("keeper", 0.5),
          kept == 0 ? Tokens.batch(2, 3, 3) : Tokens.batch(1, 5, 5),
          token ->
              ReadingPack.scaled(
                  new float[] {token[0] + before, token[1] + before, token[2] + before}, 0.5));
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void packThatIsContradicted_givesNoReading(Djl djl) {
    Map<String, String> models =
        Map.of(
            "wrong",
            "wrong",
            "misnamed",
            "misnamed",
            "drawer",
            "drawer",
            "both_wrong",
            "both",
            "block3",
            "block3",
            "block4",
            "block4");
    models.forEach(
        (id, model) -> {
          List<ReceivedSpan> spans = runs.get(djl).spans("inference " + model);
          assertThat(spans).as(id).hasSize(2);
          for (ReceivedSpan span : spans) {
            assertThat(span.attribute("innerspan.probe." + id + ".score")).as(id).isNull();
            assertThat(span.attribute("innerspan.confidence." + id + "_sure.max_probability"))
                .as(id)
                .isNull();
            assertThat(span.attribute("innerspan.pack"))
                .as(id)
                .isEqualTo(model.equals("both") ? List.of("both_right@1.0.0") : null);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("versions")
  void packThatIsContradicted_isOneLineAndOneCount(Djl djl) {
    List<String> lines =
        runs.get(djl).log().stream().filter(line -> line.contains("Innerspan:")).toList();
    Map<String, String> expected =
        Map.of(
            "pack wrong 1.0.0 gives no reading on wrong: golden input 0: probe wrong, row 0: ",
            "expected logit 0.8125, found 0.5625",
            "pack misnamed 1.0.0 gives no reading on misnamed: golden input 0: ",
            "expected a reading, found: inputs [tokens] where [x] is expected",
            "pack both_wrong 1.0.0 gives no reading on both: golden input 0: ",
            "probe both_wrong, row 0: expected logit ",
            "pack drawer 1.0.0 gives no reading on drawer: golden input 0: ",
            "expected a reading, found: a model that draws random numbers",
            "pack block3 1.0.0 gives no reading on block3: golden input 0: probe block3, row 0: ",
            "expected logit ",
            "pack block4 1.0.0 gives no reading on block4: golden input 0: ",
            "expected a reading, found: inputs [tokens] where [data0] is expected");
    expected.forEach(
        (start, end) ->
            assertThat(lines)
                .as(start)
                .filteredOn(line -> line.contains(start))
                .singleElement()
                .asString()
                .contains(end));
    assertThat(lines.stream().filter(line -> line.contains("WARN"))).hasSize(expected.size());
    assertThat(runs.get(djl).count("innerspan.pack.refusal", "golden_mismatch"))
        .isEqualTo(expected.size());
    assertThat(runs.get(djl).count("innerspan.graft.refusal")).isZero();
    assertThat(runs.get(djl).count("innerspan.signal.refusal")).isZero();
    assertThat(runs.get(djl).count("innerspan.fault")).isZero();
  }

  private static void assertReadings(Djl djl, String model, ReadingPack pack) {
    List<ReceivedSpan> spans = runs.get(djl).spans("inference " + model);
    assertThat(spans).hasSize(2);
    assertReading(spans.get(0), pack, Tokens.batch(2, 3, 3), pack.activation());
    assertReading(spans.get(1), pack, Tokens.batch(1, 5, 5), pack.activation());
  }

  private static void assertReading(
      ReceivedSpan span, ReadingPack pack, List<float[][]> batch, UnaryOperator<float[]> inner) {
    double logit =
        batch.stream()
            .mapToDouble(
                row -> {
                  boolean[] real = new boolean[row.length];
                  Arrays.fill(real, true);
                  float[][] tokens = Stream.of(row).map(inner).toArray(float[][]::new);
                  return ReferenceProbe.logit(pack.probe(), tokens, real);
                })
            .max()
            .orElseThrow();
    assertThat((double) span.attribute("innerspan.probe." + pack.id() + ".score"))
        .isCloseTo(1 / (1 + Math.exp(-logit)), within(1e-5));
  }
}
