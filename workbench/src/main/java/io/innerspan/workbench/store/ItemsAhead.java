package io.innerspan.workbench.store;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Inputs of which the first are read before anybody asks for them. */
final class ItemsAhead implements ItemSource {
  private static final int MOST = 2048;

  private final ItemSource items;
  private final Deque<StoreItem> read = new ArrayDeque<>();
  private boolean ended;

  ItemsAhead(ItemSource items) {
    this.items = items;
  }

  /** Reads one more; false when there is none, or enough are there. */
  boolean readOne() throws IOException {
    if (ended || read.size() >= MOST) {
      return false;
    }
    StoreItem item = items.next();
    if (item == null) {
      ended = true;
      return false;
    }
    read.addLast(item);
    return true;
  }

  @Override
  public @Nullable StoreItem next() throws IOException {
    StoreItem first = read.pollFirst();
    return first != null || ended ? first : items.next();
  }

  @Override
  public void skip(long count) throws IOException {
    items.skip(count);
  }

  @Override
  public void close() throws IOException {
    items.close();
  }
}
