package io.innerspan.workbench.store;

import io.innerspan.signals.HookPoint;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.ActivationSession;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
 * <p>Texts are taken in windows that begin anew with each shard, so that a stopped capture which
 * goes on makes the same batches, and the same bytes, as one that was never stopped. Memory is
 * bounded by a few windows and a shard.
 */
public final class StoreCapture {
  // Texts of like length are run together: the more there are to choose from, the less is padding.
  private static final long WINDOW_BYTES = 64L << 20;
  private static final int MOST_TOKENS = 1 << 15;
  private static final int LEAST_TOKENS = 512;

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
  public Summary run(OnnxTextModel model, TextTokenizer tokenizer) throws IOException {
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
      List<HookPoint> hookPoints = settings.hookPoints().stream().map(HookPoint::new).toList();
      try (ActivationSession session = model.activations(hookPoints);
          TextSource source =
              TextSource.open(data, settings.textColumn(), settings.labelColumn())) {
        for (long skipped = 0; skipped < before; skipped++) {
          source.next();
        }
        if (index != null) {
          progress.say("  going on after " + before + " texts");
        }
        index = capture(session, tokenizer, source, index);
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
      ActivationStore.check(folder.resolve(shard.activations()), shard.activationsSha256());
      ActivationStore.check(folder.resolve(shard.texts()), shard.textsSha256());
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

  private StoreIndex capture(
      ActivationSession session,
      TextTokenizer tokenizer,
      TextSource source,
      @Nullable StoreIndex before)
      throws IOException {
    StoreIndex index = before;
    Map<String, Integer> widths = widths(session, tokenizer.encode("a"));
    Windows windows = new Windows(source, tokenizer, tokens(widths));
    ShardBuilder shard = new ShardBuilder(settings.hookPoints());
    try (WindowRunner runner = new WindowRunner(session, settings.hookPoints().size())) {
      Deque<Begun> begun = new ArrayDeque<>();
      for (begin(begun, windows, runner); !begun.isEmpty(); begin(begun, windows, runner)) {
        index =
            index == null
                ? new StoreIndex(StoreIndex.SCHEMA, false, settings, widths, List.of())
                : index;
        Begun first = begun.removeFirst();
        add(shard, first.window(), first.running().await(), index.texts());
        if (shard.bytes() >= settings.shardBytes() || (begun.isEmpty() && windows.isAtEnd())) {
          index = finish(shard, index);
          shard = new ShardBuilder(settings.hookPoints());
        }
      }
    }
    if (index == null) {
      throw BadInput.in(data, "at least one text", "none");
    }
    StoreIndex complete = index.completed();
    complete.write(folder);
    return complete;
  }

  /** A window that the model works on. */
  private record Begun(Window window, WindowRunner.Running running) {}

  /**
   * Lets the model work on the next windows, if there are any, while an earlier one is written: on
   * several, because a window's last batches do not keep all processors busy.
   */
  private static void begin(Deque<Begun> begun, Windows windows, WindowRunner runner)
      throws IOException {
    while (begun.size() < WindowRunner.WINDOWS && !windows.isAtEnd()) {
      Window window = windows.next();
      begun.addLast(new Begun(window, runner.start(window.tokens())));
    }
  }

  /** How many tokens a window may have. */
  private long tokens(Map<String, Integer> widths) {
    int sum = widths.values().stream().mapToInt(Integer::intValue).sum();
    long fit = Math.min(WINDOW_BYTES, settings.shardBytes()) / Float.BYTES / sum;
    return Math.min(MOST_TOKENS, Math.max(LEAST_TOKENS, fit));
  }

  /** Texts that are run together. */
  private record Window(List<StoreText> texts, List<TokenIds> tokens) {}

  /** The windows of a source, one after another. */
  private static final class Windows {
    private final TextSource source;
    private final TextTokenizer tokenizer;
    private final long most;
    private @Nullable StoreText text;

    Windows(TextSource source, TextTokenizer tokenizer, long most) throws IOException {
      this.source = source;
      this.tokenizer = tokenizer;
      this.most = most;
      text = source.next();
    }

    /** Whether no window is left. */
    boolean isAtEnd() {
      return text == null;
    }

    /** The next window. */
    Window next() throws IOException {
      List<StoreText> texts = new ArrayList<>();
      List<TokenIds> tokens = new ArrayList<>();
      for (long held = 0; text != null && held < most; text = source.next()) {
        TokenIds ids = tokenizer.encode(text.text());
        texts.add(text);
        tokens.add(ids);
        held += ids.length();
      }
      return new Window(texts, tokens);
    }
  }

  private Map<String, Integer> widths(ActivationSession session, TokenIds ids) throws IOException {
    Map<String, Integer> widths = new TreeMap<>();
    session.visit(
        List.of(ids),
        (text, values) -> {
          for (int h = 0; h < values.size(); h++) {
            widths.put(settings.hookPoints().get(h), values.get(h).length / ids.length());
          }
        });
    return widths;
  }

  private void add(ShardBuilder shard, Window window, List<List<float[]>> values, long before) {
    for (int i = 0; i < window.texts().size(); i++) {
      checkFinite(values.get(i), before + i);
      shard.add(window.texts().get(i), window.tokens().get(i), values.get(i));
    }
  }

  private void checkFinite(List<float[]> values, long text) {
    for (int h = 0; h < values.size(); h++) {
      for (float value : values.get(h)) {
        if (!Float.isFinite(value)) {
          throw BadInput.in(
              data,
              "texts whose activations are finite",
              value + " at '" + settings.hookPoints().get(h) + "' in or after text " + (text + 1));
        }
      }
    }
  }

  private StoreIndex finish(ShardBuilder shard, StoreIndex index) throws IOException {
    Map<String, String> metadata =
        Map.of(
            "innerspan.model.sha256", settings.modelSha256(),
            "innerspan.tokenizer.sha256", settings.tokenizerSha256(),
            "innerspan.data.sha256", settings.dataSha256());
    StoreIndex next = index.with(shard.write(folder, index.shards().size(), metadata));
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
      Path data,
      @Nullable String textColumn,
      @Nullable String labelColumn,
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
        Digests.sha256(data),
        textColumn,
        labelColumn,
        hookPoints.stream().map(HookPoint::name).distinct().toList(),
        shardBytes,
        engine);
  }
}
