package io.innerspan.workbench.store;

import io.innerspan.workbench.model.TokenIds;

/**
 * One input, ready for the model.
 *
 * @param number its place among all inputs, from 0
 * @param text what the store keeps of it
 * @param tokens its rows in the store, one each
 */
public record StoreItem(long number, StoreText text, TokenIds tokens) {}
