package io.innerspan.workbench.store;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.safetensors.DType;
import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.model.TokenIds;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects texts with their activations until they are written as one shard. */
final class ShardBuilder {
  private final List<String> hookPoints;
  private final List<StoreText> texts = new ArrayList<>();
  private final List<TokenIds> tokens = new ArrayList<>();
  private final List<List<float[]>> activations = new ArrayList<>();
  private long bytes;
  private int tokenCount;

  ShardBuilder(List<String> hookPoints) {
    this.hookPoints = hookPoints;
  }

  /** Adds one text with its activations by hook point, {@code [tokens, width]}. */
  void add(StoreText text, TokenIds ids, List<float[]> values) {
    texts.add(text);
    tokens.add(ids);
    activations.add(values);
    tokenCount += ids.length();
    bytes += 2L * text.text().length();
    for (float[] value : values) {
      bytes += (long) value.length * Float.BYTES;
    }
  }

  boolean isEmpty() {
    return texts.isEmpty();
  }

  /** What is held, texts and activations. */
  long bytes() {
    return bytes;
  }

  /** Writes the shard's two files, down to the disk. */
  ShardInfo write(Path folder, int number, Map<String, String> metadata) throws IOException {
    String name = String.format(Locale.ROOT, "shard-%05d", number);
    Path values = folder.resolve(name + ".safetensors");
    Path lines = folder.resolve(name + ".texts.jsonl");
    SafetensorsWriter.write(values, tensors(), metadata);
    writeTexts(lines);
    force(values);
    force(lines);
    return new ShardInfo(
        values.getFileName().toString(),
        Digests.sha256(values),
        lines.getFileName().toString(),
        Digests.sha256(lines),
        texts.size(),
        tokenCount);
  }

  private Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    long[] splits = new long[texts.size() + 1];
    long[] ids = new long[tokenCount];
    int[] offsets = new int[2 * tokenCount];
    ByteBuffer attention = ByteBuffer.allocate(tokenCount);
    ByteBuffer special = ByteBuffer.allocate(tokenCount);
    int at = 0;
    for (int text = 0; text < texts.size(); text++) {
      TokenIds row = tokens.get(text);
      for (int i = 0; i < row.length(); i++, at++) {
        ids[at] = row.ids()[i];
        offsets[2 * at] = row.begins()[i];
        offsets[2 * at + 1] = row.ends()[i];
        attention.put((byte) 1);
        special.put((byte) (row.special()[i] ? 1 : 0));
      }
      splits[text + 1] = at;
    }
    tensors.put(StoreShard.SPLITS, Tensor.ofLongs(splits));
    tensors.put(StoreShard.IDS, Tensor.ofLongs(ids));
    tensors.put(StoreShard.OFFSETS, Tensor.ofInts(offsets, tokenCount, 2));
    long[] shape = {tokenCount};
    tensors.put(StoreShard.ATTENTION, new Tensor(DType.U8, shape, attention.flip()));
    tensors.put(StoreShard.SPECIAL, new Tensor(DType.U8, shape, special.flip()));
    for (int h = 0; h < hookPoints.size(); h++) {
      tensors.put(hookPoints.get(h), activation(h));
    }
    return tensors;
  }

  private Tensor activation(int hookPoint) {
    long length = 0;
    for (List<float[]> values : activations) {
      length += values.get(hookPoint).length;
    }
    if (tokenCount == 0) {
      return new Tensor(DType.F32, new long[] {0, 0}, ByteBuffer.allocate(0));
    }
    ByteBuffer all =
        ByteBuffer.allocate(Math.toIntExact(length * Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    for (List<float[]> values : activations) {
      float[] value = values.get(hookPoint);
      all.asFloatBuffer().put(value);
      all.position(all.position() + value.length * Float.BYTES);
    }
    long[] shape = {tokenCount, length / tokenCount};
    return new Tensor(DType.F32, shape, all.flip());
  }

  private void writeTexts(Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (StoreText text : texts) {
        // Closing the writer of one line would close the file.
        JsonWriter json = new JsonWriter(out);
        json.setHtmlSafe(false);
        json.beginObject();
        json.name("sha256").value(digest(text.text()));
        json.name("label").value(text.label());
        json.name("text").value(text.text());
        json.endObject();
        json.flush();
        out.write('\n');
      }
    }
  }

  static String digest(String text) {
    return Digests.sha256(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
