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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions, options and results live as long with the agent as without, and tell the same. */
class SessionLifeIT {
  private static final String APP = "io.innerspan.agent.app.LifeApp";
  private static final int SESSIONS = 2;

  @TempDir static Path folder;
  private static Path model;

  @BeforeAll
  static void makePack() throws Exception {
    model = Files.write(folder.resolve("small.onnx"), TransformerFixture.postNorm().bytes());
    FixturePack.write(folder.resolve("packs"), "small", model);
  }

  @ParameterizedTest
  @MethodSource("io.innerspan.agent.OnnxRuntimes#oldest")
  void sessions_withAgentAndPack_liveTheSame(String onnxRuntime, @TempDir Path temporary)
      throws Exception {
    List<String> plain;
    try (ChildJvm app = start(Product.application(APP, onnxRuntime))) {
      plain = run(app);
    }
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app =
            start(
                Product.observed(APP, onnxRuntime, receiver)
                    .property("java.io.tmpdir", temporary.toString())
                    .property(
                        "otel.instrumentation.innerspan.packs",
                        folder.resolve("packs").toString()))) {
      app.awaitLine(
          "readings on for all sessions", line -> readings(app) >= SESSIONS, Product.PATIENCE);
      assertThat(run(app)).isEqualTo(plain);
      assertThat(app.lines(LogLine.Stream.ERR))
          .noneMatch(line -> line.contains("runs without a graft"));
      assertThat(receiver.spans())
          .anyMatch(span -> span.attribute("innerspan.probe.small.score") != null);
    }
    assertThat(plain)
        .anyMatch(line -> line.startsWith("cancelled later") && line.contains("terminate"));
    try (Stream<Path> files = Files.walk(temporary)) {
      assertThat(files).noneMatch(file -> file.getFileName().toString().contains(".onnx"));
    }
  }

  private static long readings(ChildJvm app) {
    return app.log().stream().filter(l -> l.text().contains(Product.READINGS_ON)).count();
  }

  private static ChildJvm start(JvmCommand command) {
    ChildJvm app = command.arguments(model.toString()).start();
    app.awaitLine("sessions open", Product.PATIENCE);
    return app;
  }

  private static List<String> run(ChildJvm app) {
    app.send("go");
    app.awaitSuccess(Product.PATIENCE);
    return app.lines(LogLine.Stream.OUT);
  }
}
