package io.innerspan.workbench.store;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.safetensors.DType;
import io.innerspan.signals.safetensors.SafetensorsLayout;
import io.innerspan.signals.safetensors.SafetensorsLayout.Entry;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.model.TokenIds;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A shard being written: its inputs are known, so each activation goes to its place as it comes, in
 * any order: in memory where there is some for the whole file, else in the file.
 */
final class ShardFile implements Closeable {
  private final List<String> hookPoints;
  private final int[] widths;
  private final List<StoreItem> items;
  private final long[] splits;
  private final SafetensorsLayout layout;
  private final long[] begins;
  private final Path file;
  private final Path texts;
  private final ShardBytes bytes;

  /**
   * @param widths by hook point
   * @param memory for the whole file, while there is some
   */
  ShardFile(
      Path folder,
      int number,
      List<String> hookPoints,
      int[] widths,
      List<StoreItem> items,
      Map<String, String> metadata,
      ShardMemory memory)
      throws IOException {
    this.hookPoints = hookPoints;
    this.widths = widths;
    this.items = items;
    this.splits = splits(items);
    this.layout = SafetensorsLayout.of(entries(), metadata);
    this.begins = hookPoints.stream().mapToLong(layout::offset).toArray();
    String name = String.format(Locale.ROOT, "shard-%05d", number);
    file = folder.resolve(name + ".safetensors");
    texts = folder.resolve(name + ".texts.jsonl");
    ShardBytes gathered = GatheredBytes.in(memory, file, layout.size());
    bytes = gathered == null ? new ScatteredBytes(file) : gathered;
  }

  private static long[] splits(List<StoreItem> items) {
    long[] splits = new long[items.size() + 1];
    for (int i = 0; i < items.size(); i++) {
      splits[i + 1] = splits[i] + items.get(i).tokens().length();
    }
    return splits;
  }

  private Map<String, Entry> entries() {
    long tokens = splits[items.size()];
    Map<String, Entry> entries = new LinkedHashMap<>();
    entries.put(StoreShard.SPLITS, new Entry(DType.I64, new long[] {splits.length}));
    entries.put(StoreShard.IDS, new Entry(DType.I64, new long[] {tokens}));
    entries.put(StoreShard.OFFSETS, new Entry(DType.I32, new long[] {tokens, 2}));
    entries.put(StoreShard.ATTENTION, new Entry(DType.U8, new long[] {tokens}));
    entries.put(StoreShard.SPECIAL, new Entry(DType.U8, new long[] {tokens}));
    for (int h = 0; h < hookPoints.size(); h++) {
      entries.put(hookPoints.get(h), new Entry(DType.F32, new long[] {tokens, widths[h]}));
    }
    return entries;
  }

  /** The name of a hook point. */
  String hookPoint(int index) {
    return hookPoints.get(index);
  }

  /**
   * Writes one input's activations at one hook point. Threads may write at once.
   *
   * @param rows {@code [tokens, width]}, 32-bit floats in little-endian order
   */
  void write(int item, int hookPoint, ByteBuffer rows) throws IOException {
    long row = (long) widths[hookPoint] * Float.BYTES;
    long expected = (splits[item + 1] - splits[item]) * row;
    if (rows.remaining() != expected) {
      throw new IllegalStateException(
          "expected " + expected + " bytes of activations, found " + rows.remaining());
    }
    write(begins[hookPoint] + splits[item] * row, rows.duplicate());
  }

  private void write(long at, ByteBuffer content) throws IOException {
    try {
      bytes.write(at, content);
    } catch (IOException e) {
      throw named(e);
    }
  }

  /** A failure of the file system that says of what file. */
  private IOException named(IOException e) {
    if (e instanceof FileSystemException) {
      return e;
    }
    FileSystemException named =
        new FileSystemException(file.toString(), null, String.valueOf(e.getMessage()));
    named.initCause(e);
    return named;
  }

  /** Writes what is missing once all activations are there, down to the disk. */
  ShardInfo finish() throws IOException {
    write(0, ByteBuffer.wrap(layout.header()));
    writeTokens();
    writeTexts();
    String checksum;
    try {
      checksum = bytes.finish();
      try (FileChannel lines = FileChannel.open(texts, StandardOpenOption.WRITE)) {
        lines.force(true);
      }
    } catch (IOException e) {
      throw named(e);
    }
    return new ShardInfo(
        file.getFileName().toString(),
        checksum,
        texts.getFileName().toString(),
        Checksum.of(texts),
        items.size(),
        Math.toIntExact(splits[items.size()]));
  }

  private void writeTokens() throws IOException {
    int tokens = Math.toIntExact(splits[items.size()]);
    long[] ids = new long[tokens];
    int[] offsets = new int[2 * tokens];
    byte[] attention = new byte[tokens];
    byte[] special = new byte[tokens];
    int at = 0;
    for (StoreItem item : items) {
      TokenIds row = item.tokens();
      for (int i = 0; i < row.length(); i++, at++) {
        ids[at] = row.ids()[i];
        offsets[2 * at] = row.begins()[i];
        offsets[2 * at + 1] = row.ends()[i];
        attention[at] = 1;
        special[at] = (byte) (row.special()[i] ? 1 : 0);
      }
    }
    write(layout.offset(StoreShard.SPLITS), Tensor.ofLongs(splits).data());
    write(layout.offset(StoreShard.IDS), Tensor.ofLongs(ids).data());
    write(layout.offset(StoreShard.OFFSETS), Tensor.ofInts(offsets).data());
    write(layout.offset(StoreShard.ATTENTION), ByteBuffer.wrap(attention));
    write(layout.offset(StoreShard.SPECIAL), ByteBuffer.wrap(special));
  }

  private void writeTexts() throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(texts)) {
      for (StoreItem item : items) {
        StoreText text = item.text();
        // Closing the writer of one line would close the file.
        JsonWriter json = new JsonWriter(out);
        json.setHtmlSafe(false);
        json.beginObject();
        json.name("sha256").value(digest(text.text()));
        json.name("label").value(text.label());
        if (text.group() != null) {
          json.name("group").value(text.group());
        }
        json.name("text").value(text.text());
        json.endObject();
        json.flush();
        out.write('\n');
      }
    } catch (IOException e) {
      throw named(e);
    }
  }

  static String digest(String text) {
    return Digests.sha256(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
