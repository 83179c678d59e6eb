package io.innerspan.workbench.store;

import org.jspecify.annotations.Nullable;

/**
 * One input of a store.
 *
 * @param text the text
 * @param label what the data call it, or null without a column of labels
 */
public record StoreText(String text, @Nullable String label) {}
