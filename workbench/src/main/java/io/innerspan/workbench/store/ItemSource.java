package io.innerspan.workbench.store;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Inputs one after another, however many there are. */
public interface ItemSource extends Closeable {
  /** The next one, or null at the end. */
  @Nullable StoreItem next() throws IOException;

  /** Passes over some. */
  void skip(long items) throws IOException;
}
