package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that ONNX Runtime's API tells an application is the same with and without a graft. */
class DisguiseIT {
  private static final String APP = "io.innerspan.agent.app.SessionApp";

  @TempDir static Path folder;

  @BeforeAll
  static void makePack() throws Exception {
    new SeededPack("seeded", 16).write(folder.resolve("packs").resolve("seeded"));
  }

  @ParameterizedTest
  @MethodSource("io.innerspan.agent.OnnxRuntimes#newest")
  void sessions_withAgentAndPack_tellTheSame(String onnxRuntime) throws Exception {
    List<String> plain;
    try (ChildJvm app = start(Product.application(APP, onnxRuntime), "plain.onnx")) {
      app.send("go");
      app.awaitSuccess(Product.PATIENCE);
      plain = app.lines(LogLine.Stream.OUT);
    }
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app =
            start(
                Product.amongOthers(APP, onnxRuntime, receiver)
                    .property(
                        "otel.instrumentation.innerspan.packs", folder.resolve("packs").toString()),
                "observed.onnx")) {
      awaitReadings(app, plain.stream().anyMatch(line -> line.startsWith("buffer")) ? 3 : 2);
      app.send("go");
      app.awaitSuccess(Product.PATIENCE);
      assertThat(app.lines(LogLine.Stream.OUT)).isEqualTo(plain);
      // [1,16] ids with a [1,1] mask: the graft fails where the original does not.
      assertThat(app.lines(LogLine.Stream.ERR))
          .anyMatch(line -> line.contains("a run failed on the graft and not on the original"));
      assertThat(plain).anyMatch(line -> line.contains("optimized") && line.endsWith("false"));
      assertThat(receiver.spans())
          .anyMatch(span -> span.attribute("innerspan.probe.seeded_0.score") != null);
    }
  }

  private static ChildJvm start(JvmCommand command, String optimized) {
    ChildJvm app =
        command.arguments(MiniLm.FILE.toString(), folder.resolve(optimized).toString()).start();
    app.awaitLine("sessions open", Product.PATIENCE);
    return app;
  }

  private static void awaitReadings(ChildJvm app, int sessions) {
    app.awaitLine(
        "readings on for " + sessions + " sessions",
        line ->
            app.log().stream().filter(l -> l.text().contains(Product.READINGS_ON)).count()
                >= sessions,
        Product.PATIENCE);
  }
}
