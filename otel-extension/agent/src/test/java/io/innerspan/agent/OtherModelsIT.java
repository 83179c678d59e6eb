package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.onnxruntime.graft.fixtures.OtherFixtures;
import io.innerspan.onnxruntime.graft.fixtures.TransformerFixture;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    Path layerless = Files.write(folder.resolve("layerless.onnx"), OtherFixtures.tabular());
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
  void modelWithoutLayers_isSaidAndCounted() {
    assertThat(warnings)
        .filteredOn(line -> line.contains("layerless") && line.contains("runs without a graft"))
        .hasSize(1);
    assertThat(receiver.metrics())
        .filteredOn(metric -> metric.name().equals("innerspan.graft.refusal"))
        .flatExtracting(metric -> metric.numberPoints())
        .flatExtracting(point -> point.getAttributesList())
        .anyMatch(
            attribute ->
                attribute.getKey().equals("innerspan.refusal.reason")
                    && attribute.getValue().getStringValue().equals("no_layer"));
  }

  @Test
  void packForAnotherModel_isSaidOnceWithBothDigests() {
    assertThat(warnings)
        .filteredOn(line -> line.contains("pack elsewhere 1.0.0"))
        .singleElement()
        .asString()
        .contains("expected ", "sha256:" + MiniLm.SHA256, "found ", ".onnx with sha256:");
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
