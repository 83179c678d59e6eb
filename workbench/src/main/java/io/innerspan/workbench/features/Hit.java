package io.innerspan.workbench.features;

import org.jspecify.annotations.Nullable;

/**
 * A feature that a search found.
 *
 * @param index in its version
 * @param id by content
 * @param label one of its labels, or null
 * @param snippet where the words were found, between ⟦ and ⟧
 */
public record Hit(int index, String id, @Nullable String label, String snippet) {}
