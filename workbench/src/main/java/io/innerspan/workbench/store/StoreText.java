package io.innerspan.workbench.store;

import org.jspecify.annotations.Nullable;

/**
 * One input of a store.
 *
 * @param text the text
 * @param label what the data call it, or null without a column of labels
 * @param group its template family, or null for none
 */
public record StoreText(String text, @Nullable String label, @Nullable String group) {
  /** Without a group. */
  public StoreText(String text, @Nullable String label) {
    this(text, label, null);
  }
}
