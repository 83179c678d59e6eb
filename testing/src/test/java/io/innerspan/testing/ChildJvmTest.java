package io.innerspan.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.testing.LogLine.Stream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Children are real JVMs that run {@link Parrot}. */
class ChildJvmTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @Test
  void awaitExit_ownEnd_givesCodeAndAllLines() {
    try (ChildJvm child =
        parrot("out=one", "err=two", "property=colour", "env=COLOUR", "exit=3")
            .property("colour", "green and blue")
            .environment("COLOUR", "red")
            .start()) {
      assertThat(child.awaitExit(SOON)).isEqualTo(3);

      assertThat(child.lines(Stream.OUT)).containsExactly("one", "green and blue", "red");
      assertThat(child.lines(Stream.ERR)).containsExactly("two");
      assertThat(child.isAlive()).isFalse();
    }
  }

  @Test
  void awaitSuccess_otherCode_failsWithTheLog() {
    try (ChildJvm child = parrot("err=out of seeds", "exit=3").start()) {
      assertThatThrownBy(() -> child.awaitSuccess(SOON))
          .isInstanceOf(AwaitError.class)
          .hasMessageContaining("exit code: expected 0, got 3")
          .hasMessageContaining("ERR out of seeds");
    }
  }

  @Test
  void awaitLine_neverWritten_failsAsSoonAsTheChildEnds() {
    try (ChildJvm child = parrot("out=one").start()) {
      assertThatThrownBy(() -> child.awaitLine("two", SOON))
          .isInstanceOfSatisfying(
              AwaitError.class,
              error ->
                  assertThat(error.summary()).endsWith("line with \"two\": cannot come any more"))
          .hasMessageContaining("OUT one");
    }
  }

  @Test
  void awaitLine_alreadyWritten_isFound() {
    try (ChildJvm child = parrot("out=one", "err=one", "exit=0").start()) {
      child.awaitSuccess(SOON);

      assertThat(child.awaitLine("on err", line -> line.stream() == Stream.ERR, SOON))
          .isEqualTo(new LogLine(Stream.ERR, "one"));
    }
  }

  @Test
  void send_echoingChild_answersUntilInputCloses() {
    List<LogLine> heard = Collections.synchronizedList(new ArrayList<>());
    try (ChildJvm child = parrot("echo").onLine(heard::add).start()) {
      child.send("grüß");
      child.awaitLine("grüß", SOON);
      child.closeInput();
      child.awaitSuccess(SOON);
      assertThat(heard).containsExactly(new LogLine(Stream.OUT, "grüß"));
    }
  }

  @Test
  void end_waitingChild_runsItsShutdownHooks() {
    ChildJvm child = parrot("hook=bye", "out=ready", "echo").start();
    child.awaitLine("ready", SOON);
    assertThatThrownBy(() -> child.awaitExit(Duration.ofMillis(1)))
        .isInstanceOf(AwaitError.class)
        .hasMessageContaining("end: not within 1 ms");

    assertThat(child.end()).isEqualTo(143);

    assertThat(child.lines(Stream.OUT)).containsExactly("ready", "bye");
    child.close();
    assertThat(child.isAlive()).isFalse();
  }

  @Test
  void start_openTelemetryVariables_areNotInherited(@TempDir Path directory) {
    try (ChildJvm outer =
        parrot("nested", "exit=0")
            .directory(directory)
            .environment("OTEL_SDK_DISABLED", "true")
            .environment("JAVA_TOOL_OPTIONS", "-Dcolour=red")
            .start()) {
      outer.awaitSuccess(SOON);

      assertThat(outer.lines(Stream.OUT)).containsExactly("null", "null");
    }
  }

  private static JvmCommand parrot(String... arguments) {
    return JvmCommand.of(Parrot.class.getName()).arguments(arguments);
  }
}
