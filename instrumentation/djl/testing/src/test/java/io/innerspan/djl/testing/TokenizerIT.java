package io.innerspan.djl.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.pack.ProbePack;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedLog;
import io.innerspan.testing.ReceivedSpan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tokenizer beside a model that DJL loads is held to the pack's, and to the one before. */
class TokenizerIT {
  private static final String APP = "io.innerspan.djl.testing.app.TokenizerApp";

  /** The SHA-256 of {@code abc} and of {@code abd}. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private static final String ABD =
      "a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9";

  private static final String SCORE = "innerspan.probe.net.score";

  @TempDir Path folder;
  private Path models;
  private Path tokenizer;

  @BeforeEach
  void place() throws Exception {
    models = Files.createDirectory(folder.resolve("models"));
    tokenizer = Files.writeString(models.resolve("tokenizer.json"), "abd");
  }

  static Stream<Djl> onPyTorch() {
    return Djl.with("pytorch-engine");
  }

  static Stream<Djl> onOnnxRuntime() {
    return Djl.with("onnxruntime-engine");
  }

  @ParameterizedTest
  @MethodSource("onPyTorch")
  void tokenizer_ofAScript_isHeldToThePackAndToTheOneBefore(Djl djl) throws Exception {
    String sha256 = ReadingPack.sha256(Script.summer(models.resolve("net.pt"), 0.5));
    Path packs = folder.resolve("packs");
    ProbePack pack = new ReadingPack("net", "hidden", 3, 0.5).write(packs, sha256, ABC);

    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app =
            start(djl, receiver, "PyTorch", "net")
                .property("otel.instrumentation.innerspan.packs", packs.toString())
                .start()) {
      app.awaitLine(
          "pack net 1.0.0 was made with another tokenizer than lies beside net: expected sha256:"
              + ABC
              + ", found sha256:"
              + ABD,
          Djl.PATIENCE);
      ReceivedLog mismatch = finding(receiver, "tokenizer_mismatch");
      assertThat(mismatch.attribute("innerspan.finding.baseline")).isEqualTo("sha256:" + ABC);
      assertThat(mismatch.attribute("innerspan.tokenizer.hash")).isEqualTo("sha256:" + ABD);
      assertThat(mismatch.attribute("innerspan.model.name")).isEqualTo("net");
      assertThat(mismatch.attribute("artifact.hash")).isEqualTo("sha256:" + sha256);
      assertThat(mismatch.attribute("innerspan.pack")).isEqualTo(List.of("net@1.0.0"));
      assertThat(mismatch.attribute("innerspan.pack_hash")).isEqualTo("sha256:" + pack.digest());

      ReceivedLog change = changed(app, receiver);
      assertThat(change.attribute("innerspan.pack")).isNull();
      assertThat(change.attribute("artifact.hash")).isEqualTo("sha256:" + sha256);
      finish(app);
      assertThat(found(receiver.logs(), "tokenizer_mismatch")).hasSize(1);
      assertThat(found(receiver.logs(), "tokenizer_change")).hasSize(1);
      assertThat(app.lines(LogLine.Stream.ERR))
          .filteredOn(line -> line.contains("another tokenizer"))
          .hasSize(1);

      List<ReceivedSpan> spans =
          receiver.spans().stream().filter(span -> span.name().equals("inference net")).toList();
      assertThat(spans).as("readings stay on").hasSize(2);
      for (ReceivedSpan span : spans) {
        assertThat(span.attribute(SCORE)).isNotNull();
        assertThat(span.attribute("innerspan.pack_hashes"))
            .isEqualTo(List.of("sha256:" + pack.digest()));
      }
    }
  }

  /** The predictor's instrumentation and that of the session below see the same file. */
  @ParameterizedTest
  @MethodSource("onOnnxRuntime")
  void tokenizer_ofASessionBelow_isToldOnce(Djl djl) throws Exception {
    String name = "all-minilm-l6-v2";
    Files.copy(Path.of(Djl.property("innerspan.model")), models.resolve(name + ".onnx"));

    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app =
            start(djl, receiver, "OnnxRuntime", name)
                .property("otel.instrumentation.innerspan.packs", Djl.property("innerspan.pack"))
                .start()) {
      ReceivedLog mismatch = finding(receiver, "tokenizer_mismatch");
      assertThat(mismatch.attribute("innerspan.tokenizer.hash")).isEqualTo("sha256:" + ABD);

      changed(app, receiver);
      finish(app);
      assertThat(found(receiver.logs(), "tokenizer_change")).hasSize(1);
    }
  }

  private JvmCommand start(Djl djl, OtlpReceiver receiver, String engine, String model) {
    return djl.observed(APP, receiver)
        .property("otel.blrp.schedule.delay", "100")
        .arguments(engine, models.toString(), model);
  }

  /** Another tokenizer is put in its place, and the model loaded again: what is then found. */
  private ReceivedLog changed(ChildJvm app, OtlpReceiver receiver) throws Exception {
    Files.writeString(tokenizer, "abc");
    app.send("again");
    ReceivedLog change = finding(receiver, "tokenizer_change");
    assertThat(change.attribute("innerspan.finding.baseline")).isEqualTo("sha256:" + ABD);
    assertThat(change.attribute("innerspan.tokenizer.hash")).isEqualTo("sha256:" + ABC);
    return change;
  }

  private static void finish(ChildJvm app) {
    app.closeInput();
    app.awaitSuccess(Djl.PATIENCE);
  }

  /** The first finding of a monitor. */
  private static ReceivedLog finding(OtlpReceiver receiver, String monitor) {
    List<ReceivedLog> logs =
        receiver.awaitLogs(all -> !found(all, monitor).isEmpty(), Djl.PATIENCE);
    ReceivedLog finding = found(logs, monitor).get(0);
    assertThat(finding.attribute("innerspan.finding.kind")).isEqualTo("model_change");
    return finding;
  }

  private static List<ReceivedLog> found(List<ReceivedLog> logs, String monitor) {
    return logs.stream()
        .filter(log -> log.eventName().equals("innerspan.finding"))
        .filter(log -> monitor.equals(log.attribute("innerspan.monitor.id")))
        .toList();
  }
}
