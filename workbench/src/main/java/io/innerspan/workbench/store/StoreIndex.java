package io.innerspan.workbench.store;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.innerspan.workbench.data.BadInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code index.json}: what a store holds. It is replaced as a whole after each shard, so that it
 * names finished shards only.
 *
 * @param schema {@value #SCHEMA}
 * @param complete whether every text of the data is in
 * @param settings what decided the content
 * @param widths by hook point
 * @param shards the finished shards in the order of the texts
 */
record StoreIndex(
    String schema,
    boolean complete,
    StoreSettings settings,
    Map<String, Integer> widths,
    List<ShardInfo> shards) {
  static final String FILE = "index.json";
  static final String SCHEMA = "innerspan-activation-store/2";
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  StoreIndex {
    widths = new TreeMap<>(widths);
    shards = List.copyOf(shards);
  }

  long texts() {
    return shards.stream().mapToLong(ShardInfo::textCount).sum();
  }

  long tokens() {
    return shards.stream().mapToLong(ShardInfo::tokenCount).sum();
  }

  StoreIndex with(ShardInfo shard) {
    List<ShardInfo> more = new ArrayList<>(shards);
    more.add(shard);
    return new StoreIndex(schema, complete, settings, widths, more);
  }

  StoreIndex completed() {
    return new StoreIndex(schema, true, settings, widths, shards);
  }

  static StoreIndex read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw BadInput.in(folder, "an activation store with " + FILE, "none");
    }
    StoreIndex index = parse(file);
    if (index == null || !SCHEMA.equals(index.schema())) {
      throw BadInput.in(file, "the schema " + SCHEMA, index == null ? "nothing" : index.schema());
    }
    return index;
  }

  private static @Nullable StoreIndex parse(Path file) {
    try {
      return GSON.fromJson(Files.readString(file), StoreIndex.class);
    } catch (IOException | RuntimeException e) {
      // A record whose fields are missing fails in its constructor, with whatever exception.
      throw BadInput.in(file, "the index of an activation store", String.valueOf(e.getMessage()));
    }
  }

  /** Replaces the index; after a crash either the old or the new one is there. */
  void write(Path folder) throws IOException {
    Path next = folder.resolve(FILE + ".next");
    ByteBuffer bytes = ByteBuffer.wrap((GSON.toJson(this) + "\n").getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(
        next,
        folder.resolve(FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
