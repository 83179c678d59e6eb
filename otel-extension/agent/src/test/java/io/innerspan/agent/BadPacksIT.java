package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bad pack is refused in one clear line and counted; the good one beside it gives readings. */
class BadPacksIT {
  private static final String APP = "io.innerspan.agent.app.BatchApp";
  private static final String INPUT = "101,2129,2079,1045,25141,102";

  @TempDir Path folder;

  @Test
  void packs_thatAreBad_areRefusedEachInOneLine_andTheGoodOneReads() throws Exception {
    new SeededPack("good", 2).write(folder.resolve("good"));
    corrupt("wrong-digest", weights -> weights[weights.length - 1] ^= 1, false);
    corrupt("truncated", null, true);
    new SeededPack("other-model", 1)
        .forDigest("ab".repeat(32))
        .write(folder.resolve("other-model"));
    new SeededPack("golden-mismatch", 1).withGoldenError(0.5f).write(folder.resolve("golden"));
    manifest("newer-schema", "\"schema_version\": \"1.0\"", "\"schema_version\": \"2.0\"");
    manifest("no-json", "\"schema_version\"", "schema_version");
    Path twin = folder.resolve("good-twin");
    new SeededPack("good", 2).write(twin);
    rename(twin, "\"name\": \"good\"", "\"name\": \"twin\"");

    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app = start(receiver, folder.toString())) {
      app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
      app.send(INPUT);
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
      List<String> log = log(app);
      assertOneLine(log, "wrong-digest", "expected", "found");
      assertOneLine(log, "truncated", "expected", "found");
      assertOneLine(log, "newer-schema", "expected", "2.0");
      assertOneLine(log, "no-json", "expected", "found");
      assertOneLine(log, "twin", "good");
      assertOneLine(log, "other-model 1.0.0", "expected sha256:abab", MiniLm.SHA256);
      assertOneLine(log, "golden-mismatch 1.0.0", "expected logit", "found");
      assertThat(receiver.spans())
          .filteredOn(span -> span.name().startsWith("inference"))
          .singleElement()
          .satisfies(
              span -> {
                assertThat(span.attribute("innerspan.probe.good_0.score")).isNotNull();
                assertThat(span.attribute("innerspan.probe.golden_mismatch_0.score")).isNull();
                assertThat(span.attribute("innerspan.probe.other_model_0.score")).isNull();
                assertThat(span.attribute("innerspan.pack")).isEqualTo(List.of("good@1.0.0"));
              });
      assertThat(receiver.metrics())
          .filteredOn(metric -> metric.name().equals("innerspan.pack.refusal"))
          .isNotEmpty();
    }
  }

  @Test
  void folder_thatDoesNotExist_isSaid_andSpansStillCome() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app = start(receiver, folder.resolve("nowhere").toString())) {
      app.awaitLine("open", Product.PATIENCE);
      app.send(INPUT);
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
      assertOneLine(log(app), "nowhere", "expected");
      assertThat(receiver.spans())
          .filteredOn(span -> span.name().startsWith("inference"))
          .hasSize(1);
    }
  }

  private static ChildJvm start(OtlpReceiver receiver, String packs) {
    return Product.observed(APP, "1.20.0", receiver)
        .property("otel.instrumentation.innerspan.packs", packs)
        .arguments(MiniLm.FILE.toString())
        .start();
  }

  private static List<String> log(ChildJvm app) {
    return app.lines(LogLine.Stream.ERR).stream().filter(l -> l.contains("Innerspan")).toList();
  }

  private static void assertOneLine(List<String> log, String name, String... parts) {
    assertThat(log)
        .filteredOn(line -> line.contains("WARN") && line.contains(name))
        .as(name)
        .singleElement()
        .asString()
        .contains(parts);
  }

  private interface Change {
    void apply(byte[] bytes);
  }

  private void corrupt(String name, Change change, boolean truncate) throws Exception {
    Path pack = folder.resolve(name);
    new SeededPack(name, 1).write(pack);
    Path weights = safetensors(pack);
    byte[] bytes = Files.readAllBytes(weights);
    if (truncate) {
      int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
      bytes = java.util.Arrays.copyOf(bytes, 8 + header + 16);
    } else {
      change.apply(bytes);
    }
    Files.write(weights, bytes);
  }

  private void manifest(String name, String from, String to) throws Exception {
    Path pack = folder.resolve(name);
    new SeededPack(name, 1).write(pack);
    rename(pack, from, to);
  }

  private static void rename(Path pack, String from, String to) throws IOException {
    Path manifest = pack.resolve("probe.json");
    String text = Files.readString(manifest, StandardCharsets.UTF_8);
    assertThat(text).contains(from);
    Files.writeString(manifest, text.replace(from, to));
  }

  private static Path safetensors(Path pack) throws IOException {
    try (Stream<Path> files = Files.list(pack)) {
      return files.filter(f -> f.toString().endsWith(".safetensors")).findFirst().orElseThrow();
    }
  }
}
