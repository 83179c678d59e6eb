package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.models.Tabular;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application with several models of which one can be read: the others run as without us, each
 * with a line that says why.
 */
class OtherModelsIT {
  private static final String APP = "io.innerspan.agent.app.ModelsApp";

  @TempDir static Path folder;
  private static OtlpReceiver receiver;
  private static List<String> plain;
  private static List<String> observed;
  private static List<String> warnings;

  @BeforeAll
  static void runAllModels() throws Exception {
    TransformerFixture transformer = TransformerFixture.postNorm();
    Path right = Files.write(folder.resolve("right.onnx"), transformer.bytes());
    Path maskless =
        Files.write(folder.resolve("maskless.onnx"), transformer.withMask(null).bytes());
    Path layerless = Files.write(folder.resolve("layerless.onnx"), Tabular.brainFloat().bytes());
    Path retrained =
        Files.write(folder.resolve("retrained.onnx"), transformer.withLayers(3).bytes());
    Path text = Files.writeString(folder.resolve("text.onnx"), "this is no model");
    Path packs = folder.resolve("packs");
    FixturePack.write(packs, "right", right);
    FixturePack.write(packs, "maskless", maskless);
    FixturePack.write(packs, "layerless", layerless);
    new SeededPack("elsewhere", 1).write(packs.resolve("elsewhere"));
    String[] models = {
      layerless.toString(),
      maskless.toString(),
      text.toString(),
      retrained.toString(),
      right.toString()
    };
    try (ChildJvm app = Product.application(APP, "1.20.0").arguments(models).start()) {
      plain = run(app, "open");
    }
    receiver = OtlpReceiver.start();
    JvmCommand command =
        Product.observed(APP, "1.20.0", receiver)
            .property("otel.instrumentation.innerspan.packs", packs.toString())
            .arguments(models);
    try (ChildJvm app = command.start()) {
      observed = run(app, Product.READINGS_ON);
      warnings =
          app.lines(LogLine.Stream.ERR).stream()
              .filter(line -> line.contains("WARN") && line.contains("Innerspan"))
              .toList();
    }
  }

  @AfterAll
  static void stop() {
    receiver.close();
  }

  @Test
  void application_seesTheSame() {
    assertThat(plain).filteredOn(line -> line.startsWith("ran ")).hasSize(4);
    assertThat(plain).filteredOn(line -> line.startsWith("refused ")).hasSize(1);
    assertThat(observed).isEqualTo(plain);
  }

  @Test
  void spans_comeOfEveryModel_withAScoreOfTheMatchingOneOnly() {
    assertThat(receiver.spans())
        .filteredOn(span -> span.name().startsWith("inference"))
        .hasSize(4)
        .filteredOn(span -> span.attribute("innerspan.probe.right.score") != null)
        .singleElement()
        .satisfies(
            span ->
                assertThat(span.attribute("artifact.hash"))
                    .isEqualTo("sha256:" + MiniLm.sha256(folder.resolve("right.onnx"))));
    assertThat(receiver.spans())
        .allMatch(span -> span.attribute("innerspan.probe.maskless.score") == null)
        .allMatch(span -> span.attribute("innerspan.probe.layerless.score") == null);
  }

  @Test
  void modelWithoutMask_isSaid() {
    assertThat(warnings)
        .filteredOn(line -> line.contains("maskless") && line.contains("no attention mask"))
        .hasSize(1);
    assertThat(warnings)
        .filteredOn(line -> line.contains("maskless") && line.contains("runs without a graft"))
        .hasSize(1);
  }

  @Test
  void modelWithoutLayers_isSaid() {
    assertThat(warnings)
        .filteredOn(line -> line.contains("layerless") && line.contains("runs without a graft"))
        .hasSize(1);
  }

  @Test
  void packForAnotherModel_isSaidOnceWithBothDigests() {
    assertThat(warnings)
        .filteredOn(line -> line.contains("pack elsewhere 1.0.0"))
        .singleElement()
        .asString()
        .contains("expected ", "sha256:" + MiniLm.SHA256, "found ", ".onnx with sha256:");
  }

  @Test
  void packForAnotherModel_besideOneThatIsRead_isSaidToo(@TempDir Path two) throws Exception {
    Path model = folder.resolve("right.onnx");
    FixturePack.write(two, "right", model);
    new SeededPack("elsewhere", 1).write(two.resolve("elsewhere"));
    try (OtlpReceiver own = OtlpReceiver.start();
        ChildJvm app =
            Product.observed(APP, "1.20.0", own)
                .property("otel.instrumentation.innerspan.packs", two.toString())
                .arguments(model.toString())
                .start()) {
      run(app, Product.READINGS_ON);
      assertThat(app.lines(LogLine.Stream.ERR))
          .filteredOn(line -> line.contains("matches no session"))
          .singleElement()
          .asString()
          .contains(
              "pack elsewhere 1.0.0",
              "sha256:" + MiniLm.SHA256,
              "found right.onnx with sha256:" + MiniLm.sha256(model));
    }
  }

  @Test
  void refusals_areCountedByTheirReasons() {
    assertThat(reasons("innerspan.graft.refusal"))
        .contains("no_layer", "no_attention_mask", "unreadable_model");
    assertThat(reasons("innerspan.pack.refusal")).containsOnly("unmatched");
  }

  private static Set<String> reasons(String metric) {
    return receiver.metrics().stream()
        .filter(received -> received.name().equals(metric))
        .flatMap(received -> received.numberPoints().stream())
        .flatMap(point -> point.getAttributesList().stream())
        .filter(attribute -> attribute.getKey().equals("innerspan.refusal.reason"))
        .map(attribute -> attribute.getValue().getStringValue())
        .collect(Collectors.toSet());
  }

  private static List<String> run(ChildJvm app, String ready) {
    app.awaitLine("open", Product.PATIENCE);
    app.awaitLine(ready, Product.PATIENCE);
    app.send("go");
    app.closeInput();
    app.awaitSuccess(Product.PATIENCE);
    return app.lines(LogLine.Stream.OUT);
  }
}
