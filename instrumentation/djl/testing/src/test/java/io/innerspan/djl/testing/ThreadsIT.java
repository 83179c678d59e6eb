package io.innerspan.djl.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.models.TransformerFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Transformers in four threads, with batches of different lengths and padding: all that they give
 * is the same with the agent, which reads norms of every prediction, and without. Readings are on
 * before the first prediction, so that no request waits for that.
 */
class ThreadsIT {
  private static final String APP = "io.innerspan.djl.testing.app.ThreadsApp";
  private static final int THREADS = 4;

  @TempDir static Path folder;

  @BeforeAll
  static void makeModels() throws Exception {
    Script.transformer(folder.resolve("script.pt"));
    Files.write(folder.resolve("small.onnx"), TransformerFixture.postNorm().bytes());
  }

  static Stream<Djl> pyTorch() {
    return Djl.with("pytorch-engine");
  }

  static Stream<Djl> onnxRuntime() {
    return Djl.with("onnxruntime-engine");
  }

  @ParameterizedTest
  @MethodSource("pyTorch")
  void blocksOfJava_giveTheSame(Djl djl) throws Exception {
    List<String> digests = Run.plain(djl, "io.innerspan.djl.testing.app.DigestApp");
    String digest = digests.get(digests.size() - 1);
    check(djl, "blocks", pack(djl, "blocks", digest, List.of("01first", "02second")));
  }

  @ParameterizedTest
  @MethodSource("pyTorch")
  void torchScript_givesTheSame(Djl djl) throws Exception {
    String file = folder.resolve("script.pt").toString();
    String digest = ReadingPack.sha256(Path.of(file));
    check(djl, file, pack(djl, "script", digest, List.of("first", "second")));
  }

  @ParameterizedTest
  @MethodSource("onnxRuntime")
  void onnxRuntime_givesTheSame(Djl djl) {
    check(djl, folder.resolve("small.onnx").toString(), Map.of("any-model", "true"));
  }

  private static Map<String, String> pack(Djl djl, String id, String digest, List<String> places)
      throws Exception {
    Path packs = folder.resolve(djl.toString()).resolve(id);
    ReadingPack.writeNorms(packs, id, digest, places);
    return Map.of("packs", packs.toString());
  }

  private static void check(Djl djl, String model, Map<String, String> settings) {
    Run run = Run.awaitingReadings(djl, APP, 1, settings, model, Integer.toString(Djl.TIMES));

    assertThat(run.plain()).hasSize(1 + THREADS);
    assertThat(run.observed()).isEqualTo(run.plain());
    long rows = (long) THREADS * IntStream.range(0, Djl.TIMES).map(i -> 1 + i % 3).sum();
    assertThat(norms(run)).isNotEmpty().allSatisfy(count -> assertThat(count).isEqualTo(rows));
    assertThat(run.log()).noneMatch(line -> line.contains("Innerspan: a fault at"));
    assertThat(run.metrics()).noneMatch(metric -> metric.name().equals("innerspan.fault"));
  }

  /** How many norms were read at each place. */
  private static List<Long> norms(Run run) {
    return run.metrics().stream()
        .filter(metric -> metric.name().equals("innerspan.activation.norm"))
        .reduce((first, last) -> last)
        .orElseThrow()
        .histogramPoints()
        .stream()
        .map(point -> point.getCount())
        .toList();
  }
}
