package io.opentelemetry.javaagent.innerspan.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFilesTest {
  @TempDir Path folder;

  /** Native work that begins while a JVM ends may still open them. */
  @Test
  void exit_whileNativeWorkIsUnderWay_deletesTheFilesAfterIt() throws Exception {
    Path file = Files.createFile(folder.resolve("copy"));
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    locations(),
                    EndingJvm.class.getName(),
                    file.toString()))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said.strip()).isEqualTo("still there");
    assertThat(file).doesNotExist();
  }

  private static String locations() {
    return location(TemporaryFiles.class) + File.pathSeparator + location(EndingJvm.class);
  }

  private static String location(Class<?> type) {
    return new File(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }
}
