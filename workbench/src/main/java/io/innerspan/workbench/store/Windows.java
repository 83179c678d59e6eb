package io.innerspan.workbench.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The windows of a source, one after another: inputs that are sorted and run together, in whole
 * shards. The more there are to choose from, the less of a batch is padding.
 */
final class Windows {
  private static final int MOST_SHARDS = 8;
  private static final int TOKENS = 1 << 15;
  // What a text takes beside its characters, so that empty texts end a shard too.
  private static final int TEXT_BYTES = 64;

  private final ItemSource source;
  private final long shardBytes;
  private final long tokenBytes;
  private final int shards;
  private @Nullable StoreItem next;

  Windows(ItemSource source, long shardBytes, int[] widths) throws IOException {
    this.source = source;
    this.shardBytes = shardBytes;
    tokenBytes = Arrays.stream(widths).asLongStream().sum() * Float.BYTES;
    long fit = TOKENS * Math.max(1, tokenBytes) / shardBytes;
    shards = (int) Math.max(1, Math.min(MOST_SHARDS, fit));
    next = source.next();
  }

  /** Whether no window is left. */
  boolean isAtEnd() {
    return next == null;
  }

  /** The next window: the inputs of each shard, none empty. */
  List<List<StoreItem>> next() throws IOException {
    List<List<StoreItem>> window = new ArrayList<>();
    while (next != null && window.size() < shards) {
      window.add(shard());
    }
    return window;
  }

  private List<StoreItem> shard() throws IOException {
    List<StoreItem> items = new ArrayList<>();
    for (long held = 0; next != null && held < shardBytes; next = source.next()) {
      items.add(next);
      held += next.tokens().length() * tokenBytes + 2L * next.text().text().length() + TEXT_BYTES;
    }
    return items;
  }
}
