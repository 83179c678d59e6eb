package io.innerspan.djl.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.djl.testing.app.Tokens;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.testing.ReceivedSpan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Packs for models on DJL's PyTorch engine, good ones and bad ones. */
class ReadingIT {
  private static final String APP = "io.innerspan.djl.testing.app.ReadingApp";

  private static final ReadingPack NET = new ReadingPack("net", "hidden", 3, 0.5);

  /** What a linear layer of ones makes of a token. */
  static final ReadingPack IMPERATIVE =
      new ReadingPack("imperative", "01Linear", 3, "data0", ReadingIT::sums, 0);

  private static final ReadingPack FROZEN = new ReadingPack("frozen", "hidden", 3, 2);

  @TempDir static Path folder;
  private static Map<Djl, Run> few;
  private static Map<Djl, Run> many;

  @BeforeAll
  static void runAll() throws Exception {
    Path packs = folder.resolve("packs");
    NET.write(packs, sha256(Script.summer(folder.resolve("net.pt"), 0.5)));
    new ReadingPack("misplaced", "nowhere", 3, 0.25)
        .write(packs, sha256(Script.summer(folder.resolve("misplaced.pt"), 0.25)));
    new ReadingPack("wide", "hidden", 4, 0.75)
        .write(packs, sha256(Script.summer(folder.resolve("wide.pt"), 0.75)));
    FROZEN.write(packs, sha256(Script.doubler(folder.resolve("frozen.pt"))));
    new ReadingPack("broken", "hidden", 3, 1)
        .write(packs, sha256(Files.writeString(folder.resolve("broken.pt"), "no archive")));
    Script.summer(Files.createDirectory(folder.resolve("again")).resolve("net.pt"), 0.125);
    Path closed = Files.createDirectory(folder.resolve("closed")).resolve("closed.weights");
    new ReadingPack("closed", "hidden", 3, 1)
        .write(packs, sha256(Files.writeString(closed, "weights")));
    List<String> digests = digests(versions().findFirst().orElseThrow());
    IMPERATIVE.write(packs, digests.get(0));
    new ReadingPack("misplaced_block", "09Nowhere", 3, "data0", ReadingIT::sums, 0)
        .writeUnsure(packs, digests.get(1), 3);
    new ReadingPack("wide_block", "01Linear", 4, "data0", token -> new float[4], 0)
        .writeUnsure(packs, digests.get(2), 3);
    ReadingPack.writeSure(packs, "streaming", digests.get(3));
    new ReadingPack("hider", "hidden", 3, 0.5)
        .writeUnsure(packs, sha256(Script.hider(folder.resolve("hider.pt"))), 3);
    few = versions().collect(Collectors.toMap(Function.identity(), djl -> run(djl, packs, 1)));
    many =
        versions()
            .collect(Collectors.toMap(Function.identity(), djl -> run(djl, packs, Djl.TIMES)));
  }

  private static Run run(Djl djl, Path packs, int times) {
    String[] arguments = {folder.toString(), Integer.toString(times)};
    List<String> plain = Run.plain(djl, APP, arguments);
    return times == 1
        ? Run.observed(djl, plain, APP, packs.toString(), arguments)
        : Run.ofMany(djl, plain, APP, packs.toString(), arguments);
  }

  /** The same in every version: parameters are initialized and saved alike. */
  static String imperativeDigest(Djl djl) {
    return digests(djl).get(0);
  }

  private static List<String> digests(Djl djl) {
    return Run.plain(djl, "io.innerspan.djl.testing.app.DigestApp");
  }

  private static String sha256(Path file) throws Exception {
    return ReadingPack.sha256(file);
  }

  static Stream<Djl> versions() {
    return Djl.with("pytorch-engine");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void outputs_areTheSame(Djl djl) {
    assertThat(few.get(djl).observed()).isEqualTo(few.get(djl).plain());
    assertThat(few.get(djl).plain()).contains("broken ai.djl.engine.EngineException");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void outputs_inFourThreads_areTheSame(Djl djl) {
    Run run = many.get(djl);
    assertThat(run.observed()).isEqualTo(run.plain());
    assertThat(run.plain()).filteredOn(line -> line.contains(" together ")).hasSize(12);
    for (String id : List.of("net", "imperative")) {
      long rows = 4L * IntStream.range(0, Djl.TIMES).map(i -> 1 + i % 3).sum(); // And a few more.
      assertThat(scores(run, id)).isBetween(rows, rows + 20);
    }
  }

  private static long scores(Run run, String probe) {
    return run.metrics().stream()
        .filter(metric -> metric.name().equals("innerspan.probe.score"))
        .reduce((first, last) -> last)
        .orElseThrow()
        .histogramPoints()
        .stream()
        .filter(
            point ->
                point.getAttributesList().stream()
                    .anyMatch(value -> value.getValue().getStringValue().equals(probe)))
        .mapToLong(point -> point.getCount())
        .sum();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void script_isReadAsTheReferenceSays(Djl djl) {
    List<ReceivedSpan> spans = few.get(djl).spans("inference net");
    assertReading(spans.get(0), NET, 2, 3, NET.activation());
    assertReading(spans.get(1), NET, 1, 5, NET.activation());
    assertThat(spans.get(0).attribute("innerspan.pack")).isEqualTo(List.of("net@1.0.0"));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void scriptFromAStream_isReadToo(Djl djl) {
    ReceivedSpan span = few.get(djl).span("inference streamed");
    assertReading(span, NET, 2, 4, NET.activation());
    assertThat(span.attribute("artifact.filename")).isNull();
    assertThat((String) span.attribute("artifact.hash")).startsWith("sha256:");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void imperativeBlock_isReadAsTheReferenceSays(Djl djl) {
    List<ReceivedSpan> spans = few.get(djl).spans("inference imperative");
    assertReading(spans.get(0), IMPERATIVE, 2, 3, IMPERATIVE.activation());
    assertReading(spans.get(1), IMPERATIVE, 1, 5, IMPERATIVE.activation());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void outputs_areReadOfAModelWithoutThePlace(Djl djl) {
    for (String name : List.of("misplaced", "wide", "frozen", "closed")) {
      ReceivedSpan span = few.get(djl).spans("inference " + name).get(0);
      assertThat(span.attribute(score(name))).as(name).isNull();
      assertThat((double) span.attribute("innerspan.confidence." + name + "_sure.max_probability"))
          .as(name)
          .isBetween(1 / 3.0, 1.0);
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void modelLoadedAgainWithOtherWeights_isNotRead(Djl djl) {
    List<ReceivedSpan> spans = few.get(djl).spans("inference net");
    ReceivedSpan again = spans.get(spans.size() - 1);
    assertThat(again.attribute(score("net"))).isNull();
    assertThat(again.attribute("innerspan.pack")).isNull();
    List<ReceivedSpan> blocks = few.get(djl).spans("inference imperative");
    assertThat(blocks.get(blocks.size() - 1).attribute(score("imperative"))).isNull();
  }

  /** What libtorch does not compile is not loaded: the original is. */
  @ParameterizedTest
  @MethodSource("versions")
  void archiveThatCannotBeLoadedWithAMethodMore_isLoadedAsItIs(Djl djl) {
    assertThat(few.get(djl).spans("inference hider")).hasSize(2);
    assertThat(few.get(djl).spans("inference hider").get(0).attribute(score("hider"))).isNull();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void badInput_isOneLine(Djl djl) {
    List<String> lines =
        few.get(djl).log().stream().filter(line -> line.contains("Innerspan:")).toList();
    for (String place :
        List.of(
            "signal misplaced is not read on misplaced: nowhere",
            "signal misplaced_norm is not read on misplaced: nowhere",
            "signal wide is not read on wide: hidden",
            "signal frozen is not read on frozen: hidden",
            "signal closed is not read on closed: hidden: of PyTorch only outputs are read",
            "signal misplaced_block is not read on misplaced-block: 09Nowhere",
            "signal misplaced_block_norm is not read on misplaced-block: 09Nowhere",
            "misplaced-block runs without readings: ",
            "signal wide_block is not read on wide-block: 01Linear",
            "hider runs without readings: ",
            "streams of streaming give no readings: ",
            "pack net 1.0.0 gives no reading on net: it was loaded again",
            "pack imperative 1.0.0 gives no reading on imperative: it was loaded again",
            "broken.pt runs without readings: ")) {
      assertThat(lines).filteredOn(line -> line.contains(place)).as(place).hasSize(1);
    }
    assertThat(lines).noneMatch(line -> line.contains("a fault at"));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void badInput_isCounted(Djl djl) {
    Run run = few.get(djl);
    assertThat(run.count("innerspan.signal.refusal", "no_hook_point", "misplaced")).isEqualTo(2);
    assertThat(run.count("innerspan.signal.refusal", "no_hook_point", "wide")).isEqualTo(1);
    assertThat(run.count("innerspan.signal.refusal", "no_hook_point", "misplaced-block"))
        .isEqualTo(2);
    assertThat(run.count("innerspan.signal.refusal", "no_hook_point", "wide-block")).isEqualTo(1);
    assertThat(run.count("innerspan.graft.refusal", "engine_refused", "hider")).isEqualTo(1);
    assertThat(run.count("innerspan.signal.refusal", "unsupported_model", "streaming"))
        .isEqualTo(1);
    assertThat(run.count("innerspan.pack.refusal", "model_digest")).isEqualTo(2);
    assertThat(run.count("innerspan.finding.raised", "model_change", "model_mismatch", "net"))
        .isEqualTo(1);
    assertThat(run.count("innerspan.graft.refusal", "unreadable_model", "broken.pt")).isEqualTo(1);
    assertThat(run.metrics()).noneMatch(metric -> metric.name().equals("innerspan.fault"));
  }

  private static String score(String id) {
    return "innerspan.probe." + id + ".score";
  }

  private static void assertReading(
      ReceivedSpan span,
      ReadingPack pack,
      int rows,
      int tokens,
      UnaryOperator<float[]> activation) {
    double logit = largest(pack.probe(), Tokens.batch(rows, tokens, tokens), activation);
    assertThat((double) span.attribute(score(pack.id())))
        .isCloseTo(1 / (1 + Math.exp(-logit)), within(1e-5));
  }

  private static double largest(
      Signal signal, List<float[][]> batch, UnaryOperator<float[]> activation) {
    return batch.stream()
        .mapToDouble(
            row -> {
              boolean[] real = new boolean[row.length];
              Arrays.fill(real, true);
              float[][] activations = Stream.of(row).map(activation).toArray(float[][]::new);
              return ReferenceSignal.value(signal, activations, real);
            })
        .max()
        .orElseThrow();
  }

  private static float[] sums(float[] token) {
    float sum = token[0] + token[1] + token[2];
    return new float[] {sum, sum, sum};
  }
}
