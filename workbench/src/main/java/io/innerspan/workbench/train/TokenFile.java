package io.innerspan.workbench.train;

import io.innerspan.signals.HookPoint;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.learn.TokenBags;
import io.innerspan.workbench.model.TextModel;
import io.innerspan.workbench.model.TokenIds;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The activations of every token of texts at several places, in a temporary file that goes when
 * this is closed: they need not fit into memory.
 */
final class TokenFile implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  /** By text, how many tokens came before it; then those of all. */
  private final long[] before;

  private final int[] widths;
  private final int mostBytes;
  private final ThreadLocal<ByteBuffer> buffers;

  private TokenFile(Path file, FileChannel channel, List<TokenIds> texts, int[] widths) {
    this.file = file;
    this.channel = channel;
    this.widths = widths;
    before = new long[texts.size() + 1];
    int most = 0;
    for (int i = 0; i < texts.size(); i++) {
      before[i + 1] = before[i] + texts.get(i).length();
      most = Math.max(most, texts.get(i).length());
    }
    int widest = 0;
    for (int width : widths) {
      widest = Math.max(widest, width);
    }
    mostBytes = Math.multiplyExact(most, widest * Float.BYTES);
    buffers =
        ThreadLocal.withInitial(
            () -> ByteBuffer.allocateDirect(mostBytes).order(ByteOrder.nativeOrder()));
  }

  /** Runs the model once and writes what it holds at all places. */
  static TokenFile capture(
      TextModel model, List<HookPoint> places, PartData part, Progress.Counter progress)
      throws IOException {
    int[] widths = widths(model, places, part);
    Path file = Files.createTempFile("innerspan", ".tokens");
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    TokenFile tokens = new TokenFile(file, channel, part.tokens(), widths);
    try {
      model.visit(
          part.tokens(),
          places,
          progress,
          (text, activations) -> {
            for (int h = 0; h < widths.length; h++) {
              tokens.write(h, text, activations.get(h));
            }
          });
    } catch (IOException | RuntimeException e) {
      tokens.close();
      throw e;
    }
    return tokens;
  }

  private static int[] widths(TextModel model, List<HookPoint> places, PartData part)
      throws IOException {
    int[] widths = new int[places.size()];
    model.visit(
        part.tokens().subList(0, 1),
        places,
        new Progress(new PrintWriter(Writer.nullWriter())).count("", 1),
        (text, activations) -> {
          for (int h = 0; h < widths.length; h++) {
            widths[h] = activations.get(h)[0].length;
          }
        });
    return widths;
  }

  /** The tokens at one place; valid until this is closed. */
  TokenBags at(int place) {
    return new TokenBags() {
      @Override
      public int count() {
        return before.length - 1;
      }

      @Override
      public int width() {
        return widths[place];
      }

      @Override
      public int tokens(int text) {
        return Math.toIntExact(before[text + 1] - before[text]);
      }

      @Override
      public void copy(int text, float[] to) {
        read(place, text, to, tokens(text) * widths[place]);
      }
    };
  }

  private void write(int place, int text, float[][] tokens) throws IOException {
    ByteBuffer bytes = buffers.get().clear();
    for (float[] token : tokens) {
      bytes.asFloatBuffer().put(token);
      bytes.position(bytes.position() + token.length * Float.BYTES);
    }
    bytes.flip();
    for (long at = position(place, text); bytes.hasRemaining(); ) {
      at += channel.write(bytes, at);
    }
  }

  private void read(int place, int text, float[] to, int count) {
    ByteBuffer bytes = buffers.get().clear().limit(count * Float.BYTES);
    try {
      for (long at = position(place, text); bytes.hasRemaining(); ) {
        int read = channel.read(bytes, at);
        if (read < 0) {
          throw new EOFException(file + " ends before text " + text);
        }
        at += read;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    bytes.flip().asFloatBuffer().get(to, 0, count);
  }

  private long position(int place, int text) {
    long at = 0;
    for (int h = 0; h < place; h++) {
      at += before[before.length - 1] * widths[h] * Float.BYTES;
    }
    return at + before[text] * widths[place] * Float.BYTES;
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }
}
