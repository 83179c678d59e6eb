package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** LangChain4j's embeddings of 200 texts are the same bits with and without the agent. */
class BitIdentityIT {
  private static final String APP = "io.innerspan.agent.app.EmbeddingApp";

  @TempDir static Path packs;
  private static final Map<String, List<String>> EXPECTED = new HashMap<>();

  @BeforeAll
  static void makePack() throws Exception {
    new SeededPack("seeded", 16).write(packs.resolve("seeded"));
  }

  @ParameterizedTest
  @MethodSource("io.innerspan.agent.OnnxRuntimes#andIndy")
  void embeddings_withAgentAndPack_areTheSameBits(String onnxRuntime, boolean indy)
      throws Exception {
    assertSame(Path.of(System.getProperty("java.home")), onnxRuntime, indy);
  }

  @ParameterizedTest
  @EnabledIfSystemProperty(named = "innerspan.jdk25", matches = ".+")
  @MethodSource("io.innerspan.agent.OnnxRuntimes#andIndy")
  void embeddings_onJdk25_areTheSameBits(String onnxRuntime, boolean indy) throws Exception {
    assertSame(Path.of(System.getProperty("innerspan.jdk25")), onnxRuntime, indy);
  }

  @Test
  void embeddings_withoutPack_areTheSameBits() throws Exception {
    Path home = Path.of(System.getProperty("java.home"));
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app = Product.amongOthers(APP, "1.20.0", receiver).javaHome(home).start()) {
      app.awaitLine("pass 0 done", Product.PATIENCE);
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
      assertThat(embeddings(app, 0)).isEqualTo(expected(home, "1.20.0"));
    }
  }

  private static void assertSame(Path home, String onnxRuntime, boolean indy) throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app =
            Product.amongOthers(APP, onnxRuntime, receiver)
                .javaHome(home)
                .property("otel.instrumentation.innerspan.packs", packs.toString())
                .property("otel.javaagent.experimental.indy", Boolean.toString(indy))
                .start()) {
      // The first pass begins while the graft is being certified, the second after it.
      app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
      app.awaitLine("pass 0 done", Product.PATIENCE);
      app.send("again");
      app.awaitLine("pass 1 done", Product.PATIENCE);
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
      List<String> expected = expected(home, onnxRuntime);
      assertThat(expected).hasSizeGreaterThan(200);
      assertThat(embeddings(app, 0)).isEqualTo(expected);
      assertThat(embeddings(app, 1)).isEqualTo(expected);
      assertThat(receiver.spans())
          .anyMatch(s -> s.attribute("innerspan.probe.seeded_0.score") != null);
    }
  }

  private static List<String> expected(Path home, String onnxRuntime) throws Exception {
    List<String> known = EXPECTED.get(home + onnxRuntime);
    if (known != null) {
      return known;
    }
    JvmCommand command = Product.application(APP, onnxRuntime).javaHome(home);
    try (ChildJvm app = command.start()) {
      app.awaitLine("pass 0 done", Product.PATIENCE);
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
      List<String> embeddings = embeddings(app, 0);
      EXPECTED.put(home + onnxRuntime, embeddings);
      return embeddings;
    }
  }

  private static List<String> embeddings(ChildJvm app, int pass) {
    String prefix = "embedding " + pass + ".";
    return app.lines(LogLine.Stream.OUT).stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .toList();
  }
}
