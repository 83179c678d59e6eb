package io.innerspan.onnxruntime.session;

import io.opentelemetry.javaagent.innerspan.bridge.TemporaryFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A private copy of a model, readable by its owner only, to whose end an overlay goes. What is
 * hashed, certified and fallen back to is this copy: the application may meanwhile change the
 * original. Its owner is {@link Graft}, which closes it.
 */
final class ModelCopy implements AutoCloseable {
  private static final String PREFIX = "innerspan-";
  private static final String SUFFIX = ".onnx";

  private final Path path;
  private final FileChannel channel;
  private final FileChannel mark;
  private final long originalSize;

  /** Of the application's file just before it was copied; null for a model in memory. */
  private final @Nullable FileStamp stamp;

  /** Where the whole model lies when this is its skeleton only. */
  private final @Nullable Path whole;

  /** Copies a model into a folder, without an overlay so far. */
  static ModelCopy create(ModelSource source, Path folder) throws IOException {
    return create(source, source.stamp(), folder, null);
  }

  /**
   * Writes a skeleton of a model beside its file, without an overlay so far. The file, which nobody
   * changes, is the original.
   *
   * @param stamp of the file before the skeleton was made of it
   */
  static ModelCopy skeleton(byte[] skeleton, Path file, FileStamp stamp) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + " has no folder");
    }
    return create(ModelSource.of(skeleton), stamp, folder, file);
  }

  private static ModelCopy create(
      ModelSource source, @Nullable FileStamp stamp, Path folder, @Nullable Path whole)
      throws IOException {
    Path path = Files.createTempFile(folder, PREFIX, SUFFIX);
    FileChannel channel = null;
    FileChannel mark = null;
    try {
      TemporaryFiles.deleteAtExit(path);
      mark = StaleCopies.mark(path);
      channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      source.copyTo(channel);
      return new ModelCopy(path, channel, mark, channel.position(), stamp, whole);
    } catch (IOException | RuntimeException | Error e) {
      if (channel != null) {
        channel.close();
      }
      TemporaryFiles.delete(path);
      if (mark != null) {
        StaleCopies.unmark(path, mark);
      }
      throw e;
    }
  }

  private ModelCopy(
      Path path,
      FileChannel channel,
      FileChannel mark,
      long originalSize,
      @Nullable FileStamp stamp,
      @Nullable Path whole) {
    this.path = path;
    this.channel = channel;
    this.mark = mark;
    this.originalSize = originalSize;
    this.stamp = stamp;
    this.whole = whole;
  }

  /** Whether a file's name is one of ours. */
  static boolean isCopy(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
  }

  String path() {
    return path.toString();
  }

  /** What the application's file was when it was copied; null for a model in memory. */
  @Nullable FileStamp stamp() {
    return stamp;
  }

  /** The file that is the original once the copy is truncated. */
  Path original() {
    return whole == null ? path : whole;
  }

  /** Makes the copy the original again. */
  void truncate() throws IOException {
    channel.truncate(originalSize);
  }

  /** Makes the copy the original with this overlay. */
  void graft(byte[] overlay) throws IOException {
    truncate();
    append(overlay);
  }

  /** Changes bytes of the original, by how many bytes lie before them. */
  void change(Map<Integer, byte[]> edits) throws IOException {
    for (Map.Entry<Integer, byte[]> edit : edits.entrySet()) {
      ByteBuffer bytes = ByteBuffer.wrap(edit.getValue());
      for (int done = 0; bytes.hasRemaining(); ) {
        done += channel.write(bytes, (long) edit.getKey() + done);
      }
    }
  }

  private void append(byte[] overlay) throws IOException {
    for (int done = 0; done < overlay.length; ) {
      int length = Math.min(ModelSource.CHUNK, overlay.length - done);
      done += channel.write(ByteBuffer.wrap(overlay, done, length), originalSize + done);
    }
  }

  /** The SHA-256 of the original's bytes, in lowercase hexadecimal. */
  String sha256() throws IOException {
    if (whole == null) {
      return sha256(channel, originalSize);
    }
    try (FileChannel file = FileChannel.open(whole, StandardOpenOption.READ)) {
      return sha256(file, file.size());
    }
  }

  private static String sha256(FileChannel channel, long size) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    ByteBuffer chunk = ByteBuffer.allocateDirect(1 << 18);
    for (long position = 0; position < size; ) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), size - position));
      int read = channel.read(chunk, position);
      if (read < 0) {
        throw new IOException("the copy became shorter than " + size + " bytes");
      }
      position += read;
      digest.update(chunk.flip());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Removes the copy; nothing is left to do for whoever comes second. Certification has done with
   * it at the very moment in which an application may close its session.
   */
  @Override
  public synchronized void close() throws IOException {
    try {
      channel.close();
      TemporaryFiles.delete(path);
    } finally {
      StaleCopies.unmark(path, mark);
    }
  }
}
