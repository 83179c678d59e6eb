package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A session on an execution provider that was chosen by device, and so counts as another than the
 * CPU's: left alone, or with the setting certified as any other.
 */
class ExecutionProviderIT {
  private static final String APP = "io.innerspan.agent.app.DeviceApp";
  private static final String NEWEST = "1.29.0";
  private static final String SCORE = "innerspan.probe.placed.score";
  private static final String REFUSED =
      "execution provider chosen by device (CPUExecutionProvider) is not the CPU's";

  @TempDir static Path folder;
  private static Path model;
  private static List<String> plain;

  @BeforeAll
  static void runPlain() throws Exception {
    model = Files.write(folder.resolve("model.onnx"), TransformerFixture.postNorm().bytes());
    FixturePack.write(folder.resolve("packs"), "placed", model);
    plain = run(Product.application(APP, NEWEST), "open").lines(LogLine.Stream.OUT);
    assertThat(plain).hasSize(3).startsWith("on CPUExecutionProvider", "open");
  }

  @Test
  void session_onAProviderThatIsAllowed_isCertifiedAndRead() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      JvmCommand command =
          observed(receiver)
              .property("otel.instrumentation.innerspan.any-execution-provider", "true");
      ChildJvm app = run(command, Product.READINGS_ON);
      assertThat(app.lines(LogLine.Stream.OUT)).isEqualTo(plain);
      assertThat(app.lines(LogLine.Stream.ERR)).noneMatch(line -> line.contains("beforehand"));
      assertThat(receiver.spans()).anyMatch(span -> span.attribute(SCORE) != null);
    }
  }

  @Test
  void session_onAProviderThatIsNotAllowed_isLeftAlone_andSaysSo() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      ChildJvm app = run(observed(receiver), REFUSED);
      assertThat(app.lines(LogLine.Stream.OUT)).isEqualTo(plain);
      assertThat(receiver.spans())
          .anyMatch(span -> span.name().startsWith("inference"))
          .allMatch(span -> span.attribute(SCORE) == null);
      assertThat(receiver.metrics())
          .filteredOn(metric -> metric.name().equals("innerspan.graft.refusal"))
          .flatExtracting(metric -> metric.numberPoints())
          .flatExtracting(point -> point.getAttributesList())
          .anyMatch(each -> each.getValue().getStringValue().equals("execution_provider"));
    }
  }

  private static JvmCommand observed(OtlpReceiver receiver) {
    return Product.observed(APP, NEWEST, receiver)
        .property("otel.instrumentation.innerspan.packs", folder.resolve("packs").toString());
  }

  /** Runs the application, which infers once when it has said what is awaited. */
  private static ChildJvm run(JvmCommand command, String awaited) {
    try (ChildJvm app = command.arguments(model.toString()).start()) {
      app.awaitLine("open", Product.PATIENCE);
      app.awaitLine(awaited, Product.PATIENCE);
      app.send("go");
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
      return app;
    }
  }
}
