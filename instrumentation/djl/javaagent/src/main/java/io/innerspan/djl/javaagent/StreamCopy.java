package io.innerspan.djl.javaagent;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies what an application's stream holds, which can be read once, into a file of ours. */
final class StreamCopy {
  private static final int CHUNK = 1 << 16;

  private StreamCopy() {}

  /** Opens the file to write to. */
  interface Target {
    OutputStream open(Path file) throws IOException;
  }

  /**
   * The application's stream cannot be copied; what it holds is still there.
   *
   * <p>Not a failure of the application's: its own are thrown as they are.
   */
  static final class CopyFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient InputStream whole;

    private CopyFailedException(InputStream whole, IOException cause) {
      super(cause);
      this.whole = whole;
    }

    /** What the application's stream held at first; ends with it. */
    InputStream whole() {
      return whole;
    }
  }

  /**
   * Copies a stream to its end.
   *
   * @throws IOException when the stream cannot be read
   * @throws CopyFailedException when the file cannot be written, such as on a full disk
   */
  static void copy(InputStream stream, Path file, Target target)
      throws IOException, CopyFailedException {
    byte[] chunk = new byte[CHUNK];
    long written = 0;
    int read = 0;
    OutputStream out = null;
    try {
      while (read >= 0) {
        IOException failure = null;
        try {
          out = out == null ? target.open(file) : out;
          out.write(chunk, 0, read);
        } catch (IOException e) {
          failure = e;
        }
        if (failure != null) {
          throw new CopyFailedException(whole(file, written, chunk, read, stream), failure);
        }
        written += read;
        read = stream.read(chunk);
      }
      close(out, file, written, stream);
    } finally {
      if (out != null) {
        closeQuietly(out);
      }
    }
  }

  private static void close(@Nullable OutputStream out, Path file, long written, InputStream stream)
      throws IOException, CopyFailedException {
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      throw new CopyFailedException(whole(file, written, new byte[0], 0, stream), e);
    }
  }

  private static void closeQuietly(OutputStream out) {
    try {
      out.close();
    } catch (IOException e) {
      // It is deleted anyway.
    }
  }

  /** What was written, what was read since, and what is left. */
  private static InputStream whole(
      Path file, long written, byte[] chunk, int read, InputStream stream) throws IOException {
    byte[] kept = new byte[0];
    if (written > 0) {
      try (InputStream in = Files.newInputStream(file)) {
        kept = in.readNBytes(Math.toIntExact(written));
      }
    }
    return new SequenceInputStream(
        Collections.enumeration(
            List.of(
                new ByteArrayInputStream(kept), new ByteArrayInputStream(chunk, 0, read), stream)));
  }
}
