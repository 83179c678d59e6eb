package io.innerspan.workbench.store;

import io.innerspan.signals.HookPoint;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes activations to a store, shard by shard, and goes on where an earlier capture was stopped.
 *
 * <p>Texts are taken in windows of whole shards, and the index grows by whole windows, so that a
 * stopped capture which goes on makes the same batches, and the same bytes, as one that was never
 * stopped. In memory are two windows of texts and tokens, a batch for each processor, and as many
 * shards as {@link ShardMemory} has room for; activations of others go to the disk as they come.
 */
public final class StoreCapture {
  /** How many windows are under way: one is finished while the model never waits for the next. */
  private static final int WINDOWS = 2;

  private final Path folder;
  private final StoreSettings settings;
  private final Path data;
  private final Progress progress;

  /**
   * @param data the file of texts whose digest the settings have
   */
  public StoreCapture(Path folder, StoreSettings settings, Path data, Progress progress) {
    this.folder = folder;
    this.settings = settings;
    this.data = data;
    this.progress = progress;
  }

  /**
   * What a capture has done.
   *
   * @param texts in the store
   * @param tokens in the store
   * @param shards in the store
   * @param resumedTexts how many of the texts were there before
   */
  public record Summary(long texts, long tokens, int shards, long resumedTexts) {}

  /**
   * Captures what is not in the store yet.
   *
   * @throws BadInput when the store was made of something else, or is being written
   */
  // The lock is held, not used.
  @SuppressWarnings("try")
  public Summary run(StoreInput input) throws IOException {
    Files.createDirectories(folder);
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = lock(channel)) {
      StoreIndex index = existing();
      long before = index == null ? 0 : index.texts();
      if (index != null && index.complete()) {
        return new Summary(before, index.tokens(), index.shards().size(), before);
      }
      removeUnfinished(index);
      try (ItemSource items = input.items()) {
        items.skip(before);
        if (index != null) {
          progress.say("  going on after " + before + " texts");
        }
        index = capture(input, items, index);
      }
      return new Summary(index.texts(), index.tokens(), index.shards().size(), before);
    }
  }

  private FileLock lock(FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw BadInput.in(folder, "a store that no other capture writes", "one that is locked");
    }
    return lock;
  }

  private @Nullable StoreIndex existing() throws IOException {
    if (!Files.exists(folder.resolve(StoreIndex.FILE))) {
      try (Stream<Path> entries = Files.list(folder)) {
        if (entries.anyMatch(entry -> !isOurs(entry))) {
          throw BadInput.in(
              folder, "no such path, an empty folder or a store", "a folder with other files");
        }
      }
      return null;
    }
    StoreIndex index = StoreIndex.read(folder);
    String[] difference = settings.difference(index.settings());
    if (difference != null) {
      throw BadInput.in(
          folder,
          "a store of the same " + difference[0] + " (" + difference[1] + ")",
          difference[2]);
    }
    for (ShardInfo shard : index.shards()) {
      ActivationStore.check(folder.resolve(shard.activations()), shard.activationsCrc32c());
      ActivationStore.check(folder.resolve(shard.texts()), shard.textsCrc32c());
    }
    return index;
  }

  private static boolean isOurs(Path entry) {
    String name = entry.getFileName().toString();
    return name.equals("lock") || name.equals(StoreIndex.FILE + ".next") || isShard(name);
  }

  private static boolean isShard(String name) {
    return name.matches("shard-[0-9]{5,}\\.(safetensors|texts\\.jsonl)");
  }

  /** Shards that the index does not name were being written when a capture was stopped. */
  private void removeUnfinished(@Nullable StoreIndex index) throws IOException {
    Set<String> finished = new HashSet<>();
    if (index != null) {
      index.shards().forEach(shard -> finished.addAll(List.of(shard.activations(), shard.texts())));
    }
    List<Path> entries;
    try (Stream<Path> all = Files.list(folder)) {
      entries = all.toList();
    }
    for (Path entry : entries) {
      String name = entry.getFileName().toString();
      if (isShard(name) && !finished.contains(name)) {
        Files.delete(entry);
      }
    }
  }

  private StoreIndex capture(StoreInput input, ItemSource items, @Nullable StoreIndex before)
      throws IOException {
    ItemsAhead ahead = new ItemsAhead(items);
    Deque<RunningWindow> running = new ArrayDeque<>();
    try (Opening opening = new Opening(input);
        BatchPool pool = new BatchPool()) {
      boolean more = true;
      while (more && !opening.isDone()) {
        more = ahead.readOne();
      }
      ActivationRunner runner = opening.await();
      int[] widths = runner.widths();
      Windows windows = new Windows(ahead, settings.shardBytes(), widths);
      if (windows.isAtEnd() && before == null) {
        throw BadInput.in(data, "at least one text", "none");
      }
      StoreIndex index = before == null ? empty(widths) : before;
      int shards = index.shards().size();
      ShardMemory memory = ShardMemory.in(folder);
      while (!windows.isAtEnd() || !running.isEmpty()) {
        while (running.size() < WINDOWS && !windows.isAtEnd()) {
          RunningWindow next =
              RunningWindow.begin(
                  windows.next(),
                  shards,
                  (number, inputs) -> shard(number, widths, inputs, memory),
                  runner,
                  pool,
                  data);
          running.addLast(next);
          shards += next.shards();
        }
        index = finish(running.removeFirst(), index);
      }
      StoreIndex complete = index.completed();
      complete.write(folder);
      return complete;
    } finally {
      for (RunningWindow left : running) {
        left.close();
      }
    }
  }

  private StoreIndex empty(int[] widths) {
    Map<String, Integer> byName = new TreeMap<>();
    for (int h = 0; h < widths.length; h++) {
      byName.put(settings.hookPoints().get(h), widths[h]);
    }
    return new StoreIndex(StoreIndex.SCHEMA, false, settings, byName, List.of());
  }

  private ShardFile shard(int number, int[] widths, List<StoreItem> items, ShardMemory memory)
      throws IOException {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("innerspan.model.sha256", settings.modelSha256());
    metadata.put("innerspan.data.sha256", settings.dataSha256());
    if (settings.tokenizerSha256() != null) {
      metadata.put("innerspan.tokenizer.sha256", settings.tokenizerSha256());
    }
    return new ShardFile(folder, number, settings.hookPoints(), widths, items, metadata, memory);
  }

  private StoreIndex finish(RunningWindow window, StoreIndex index) throws IOException {
    StoreIndex next = index;
    for (ShardInfo shard : window.finish()) {
      next = next.with(shard);
    }
    next.write(folder);
    progress.say("  " + next.texts() + " texts, " + next.tokens() + " tokens");
    return next;
  }

  /** The settings of a capture, with the digests of its files. */
  public static StoreSettings settings(
      OnnxTextModel model,
      Path modelFile,
      @Nullable Long randomizedSeed,
      Path tokenizer,
      TextFile data,
      List<HookPoint> hookPoints,
      long shardBytes,
      String engine)
      throws IOException {
    return new StoreSettings(
        modelFile.getFileName().toString(),
        model.sha256(),
        String.valueOf(model.structureDigest()),
        randomizedSeed,
        Digests.sha256(tokenizer),
        Digests.sha256(data.file()),
        data.textColumn(),
        data.labelColumn(),
        data.groupColumn(),
        null,
        hookPoints.stream().map(HookPoint::name).distinct().toList(),
        shardBytes,
        engine);
  }
}
