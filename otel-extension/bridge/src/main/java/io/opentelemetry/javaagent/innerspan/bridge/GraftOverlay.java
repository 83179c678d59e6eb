package io.opentelemetry.javaagent.innerspan.bridge;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to append to a model so that its graph computes signals.
 *
 * @param bytes a serialised ModelProto to be concatenated to the model's bytes
 * @param readingOutput the added output, float {@code [batch, columns]}; it comes after the model's
 *     own outputs and the application must never see it
 * @param gatesInput the added input, bool {@code [gates + 2]}, by which signals are switched on, or
 *     null when all of them are always on; the application must never see it
 * @param gates how many gates there are, at most 62; the input's element {@code g + 1} opens gate g
 * @param standingGates how many of them, the first ones, open by themselves; for any of the others
 *     the input's first element must be true too, and for any gate its last one
 * @param readsAlways whether the reading has values while every gate is closed; else it has no rows
 *     then and need not be asked for
 * @param columns the values per row
 * @param taps the activation tensors that the overlay reads
 * @param maskInput the model's attention-mask input, or null when it has none
 * @param externalData whether the model's weights lie in other files of its folder
 */
public record GraftOverlay(
    byte[] bytes,
    String readingOutput,
    @Nullable String gatesInput,
    int gates,
    int standingGates,
    boolean readsAlways,
    int columns,
    List<String> taps,
    @Nullable String maskInput,
    boolean externalData) {}
