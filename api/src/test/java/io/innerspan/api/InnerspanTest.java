package io.innerspan.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Without the agent. */
class InnerspanTest {
  private static final int JAVA_8 = 52;

  @Test
  void currentReading_isNone() {
    InferenceReading reading = Innerspan.currentReading();

    assertThat(reading.isPresent()).isFalse();
    assertThat(reading.scores()).isEmpty();
    assertThat(reading.thresholds()).isEmpty();
    assertThat(reading.crossed()).isEmpty();
    assertThat(reading.signals()).isEmpty();
    assertThat(reading.score("prompt_injection")).isNaN();
    assertThat(reading.traceId()).isEmpty();
    assertThat(reading.model()).isEmpty();
  }

  @Test
  void reports_areDropped() {
    assertThatCode(
            () -> {
              Innerspan.report(Outcome.taskSuccess(true));
              Innerspan.content(ContentKind.INPUT, "text");
            })
        .doesNotThrowAnyException();
  }

  @Test
  void reports_ofNothing_areErrors() {
    assertThatNullPointerException().isThrownBy(() -> Innerspan.report(null));
    assertThatNullPointerException().isThrownBy(() -> Innerspan.content(null, "text"));
    assertThatNullPointerException().isThrownBy(() -> Innerspan.content(ContentKind.INPUT, null));
  }

  @Test
  void classes_areForJava8_andNeedTheJdkAlone() throws Exception {
    List<Path> classes = classes();
    assertThat(classes).hasSizeGreaterThan(5);
    for (Path file : classes) {
      assertThat(majorVersion(file)).as(file.toString()).isEqualTo(JAVA_8);
      String constants = Files.readString(file, StandardCharsets.ISO_8859_1);
      // Annotations that the JVM ignores where they are missing.
      assertThat(constants.replace("Lorg/jspecify/annotations/", ""))
          .as(file.toString())
          .doesNotContain("org/jspecify", "io/opentelemetry");
    }
  }

  private static int majorVersion(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        DataInputStream data = new DataInputStream(in)) {
      data.readInt();
      data.readUnsignedShort();
      return data.readUnsignedShort();
    }
  }

  private static List<Path> classes() throws Exception {
    Path root =
        Path.of(Innerspan.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".class")).toList();
    }
  }
}
