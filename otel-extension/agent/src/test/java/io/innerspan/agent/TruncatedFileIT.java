package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the model's file after a session was opened does the session no harm. */
class TruncatedFileIT {
  private static final String APP = "io.innerspan.agent.app.ModelsApp";
  private static final String ONNX_RUNTIME = "1.29.0";

  @TempDir static Path folder;

  /** What a run gives without the agent. */
  private static String expected;

  @BeforeAll
  static void makePack() throws Exception {
    new SeededPack("seeded", 2).write(folder.resolve("packs").resolve("seeded"));
    try (ChildJvm app =
        Product.application(APP, ONNX_RUNTIME).arguments(MiniLm.FILE.toString()).start()) {
      app.awaitLine("open", line -> line.text().equals("open"), Product.PATIENCE);
      expected = run(app).get(0);
    }
  }

  @Test
  void file_truncatedAndOverwritten_onceReadingsAreOn_changesNothing() throws Exception {
    Path model = Files.copy(MiniLm.FILE, folder.resolve("later.onnx"));
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app = start(receiver, model)) {
      app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
      run(app);
      harm(app, model);
      assertThat(app.lines(LogLine.Stream.ERR))
          .noneMatch(line -> line.contains("runs without a graft"));
    }
  }

  @Test
  void file_truncatedAndOverwritten_beforeThat_changesNothing() throws Exception {
    Path model = Files.copy(MiniLm.FILE, folder.resolve("soon.onnx"));
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app = start(receiver, model)) {
      harm(app, model);
      app.awaitLine(Product.READINGS_ON, Product.PATIENCE); // Of the copy, not of the ruin.
      assertThat(run(app)).containsOnly(expected);
    }
  }

  /** Why it is a setting, and off: its promise must be kept. */
  @Test
  void file_truncatedThoughSaidToBeImmutable_endsTheJvm() throws Exception {
    Path model = Files.copy(MiniLm.FILE, folder.resolve("promised.onnx"));
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app =
            start(
                Product.observed(APP, ONNX_RUNTIME, receiver)
                    .property("otel.instrumentation.innerspan.model-files-immutable", "true")
                    .jvmArgument("-XX:ErrorFile=" + folder.resolve("promised.log")),
                model)) {
      app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
      assertThat(run(app)).containsOnly(expected);
      truncate(model, 0);
      app.send("go");
      app.closeInput();
      assertThat(app.awaitExit(Product.PATIENCE)).isNotZero();
      assertThat(ran(app)).hasSize(1);
    }
  }

  private static void harm(ChildJvm app, Path model) throws Exception {
    long size = Files.size(model);
    truncate(model, size / 2);
    run(app);
    truncate(model, 0);
    run(app);
    try (RandomAccessFile file = new RandomAccessFile(model.toFile(), "rw")) {
      file.setLength(size); // Of zeros.
    }
    assertThat(run(app)).containsOnly(expected);
  }

  private static void truncate(Path file, long length) throws Exception {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(length);
    }
  }

  /** Has the application run once more and returns what all its runs gave. */
  private static List<String> run(ChildJvm app) {
    int before = ran(app).size();
    app.send("go");
    app.awaitLine("one more run", line -> ran(app).size() > before, Product.PATIENCE);
    return ran(app);
  }

  private static List<String> ran(ChildJvm app) {
    return app.lines(LogLine.Stream.OUT).stream().filter(l -> l.startsWith("ran ")).toList();
  }

  private static ChildJvm start(OtlpReceiver receiver, Path model) {
    return start(Product.observed(APP, ONNX_RUNTIME, receiver), model);
  }

  private static ChildJvm start(JvmCommand command, Path model) {
    ChildJvm app =
        command
            .property("otel.instrumentation.innerspan.packs", folder.resolve("packs").toString())
            .arguments(model.toString())
            .start();
    app.awaitLine("open", line -> line.text().equals("open"), Product.PATIENCE);
    return app;
  }
}
