package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A JVM that ends while ONNX Runtime works for us ends as it would without us. */
class ExitIT {
  private static final int STATUS = 7;

  @TempDir static Path folder;

  @BeforeAll
  static void makePack() throws Exception {
    new SeededPack("seeded", 2).write(folder.resolve("packs").resolve("seeded"));
  }

  static Stream<Arguments> moments() {
    return OnnxRuntimes.and(List.of("createSession", "run"));
  }

  @ParameterizedTest
  @MethodSource("moments")
  void exit_whileAGraftIsCertified_hasTheApplicationsStatus(String onnxRuntime, String method)
      throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app =
            Product.observed("io.innerspan.agent.app.ExitApp", onnxRuntime, receiver)
                .property(
                    "otel.instrumentation.innerspan.packs", folder.resolve("packs").toString())
                .jvmArgument("-XX:ErrorFile=" + folder.resolve("error.log"))
                .arguments(MiniLm.FILE.toString(), method)
                .start()) {
      assertThat(app.awaitExit(Product.PATIENCE)).isEqualTo(STATUS);
      assertThat(app.lines(LogLine.Stream.OUT)).hasSize(1);
      assertThat(app.lines(LogLine.Stream.ERR)).noneMatch(line -> line.contains("certification"));
    }
  }
}
