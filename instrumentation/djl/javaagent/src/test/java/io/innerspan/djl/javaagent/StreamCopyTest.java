package io.innerspan.djl.javaagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.innerspan.djl.javaagent.StreamCopy.CopyFailedException;
import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamCopyTest {
  private static final byte[] CONTENT = content();

  @TempDir Path folder;

  private static byte[] content() {
    byte[] content = new byte[300_000];
    new Random(7).nextBytes(content);
    return content;
  }

  /** A disk with room for so many bytes; a part of what does not fit is written nevertheless. */
  private static StreamCopy.Target disk(int room) {
    return file ->
        new FilterOutputStream(Files.newOutputStream(file)) {
          private int left = room;

          @Override
          public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, Math.min(left, length));
            left -= length;
            if (left < 0) {
              throw new IOException("No space left on device");
            }
          }
        };
  }

  @Test
  void copy_isWhatTheStreamHolds() throws Exception {
    Path file = folder.resolve("copy");
    StreamCopy.copy(new ByteArrayInputStream(CONTENT), file, Files::newOutputStream);
    assertThat(file).hasBinaryContent(CONTENT);
    StreamCopy.copy(InputStream.nullInputStream(), file, Files::newOutputStream);
    assertThat(file).isEmptyFile();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_536, 65_537, 299_999})
  void fullDisk_leavesTheWholeStreamToBeRead(int room) throws Exception {
    CopyFailedException failed =
        catchThrowableOfType(
            CopyFailedException.class,
            () ->
                StreamCopy.copy(
                    new ByteArrayInputStream(CONTENT), folder.resolve("copy"), disk(room)));
    assertThat(failed).hasMessageContaining("No space left on device");
    assertThat(failed.whole().readAllBytes()).isEqualTo(CONTENT);
  }

  @Test
  void fileThatCannotBeOpenedOrClosed_leavesTheWholeStreamToBeRead() throws Exception {
    CopyFailedException unopened =
        catchThrowableOfType(
            CopyFailedException.class,
            () ->
                StreamCopy.copy(
                    new ByteArrayInputStream(CONTENT),
                    folder.resolve("missing").resolve("copy"),
                    Files::newOutputStream));
    assertThat(unopened.whole().readAllBytes()).isEqualTo(CONTENT);

    CopyFailedException unclosed =
        catchThrowableOfType(
            CopyFailedException.class,
            () ->
                StreamCopy.copy(
                    new ByteArrayInputStream(CONTENT),
                    folder.resolve("copy"),
                    StreamCopyTest::failingAtItsEnd));
    assertThat(unclosed.whole().readAllBytes()).isEqualTo(CONTENT);
  }

  private static OutputStream failingAtItsEnd(Path file) throws IOException {
    return new FilterOutputStream(Files.newOutputStream(file)) {
      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
      }

      @Override
      public void close() throws IOException {
        out.close();
        throw new IOException("Disk quota exceeded");
      }
    };
  }

  @Test
  void streamThatCannotBeRead_failsAsItIs() {
    IOException applications = new IOException("connection reset");
    InputStream stream =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw applications;
          }
        };
    assertThatThrownBy(
            () -> StreamCopy.copy(stream, folder.resolve("copy"), Files::newOutputStream))
        .isSameAs(applications);
  }
}
