/**
 * Byte Buddy advice for DJL, and what it takes to use the library in an application that knows
 * nothing of it.
 *
 * <p>{@link io.innerspan.djl.javaagent.Predictions} and {@link io.innerspan.djl.javaagent.Models}
 * are all that advice calls. A {@code batchPredict} or {@code streamingPredict} is one {@link
 * io.opentelemetry.javaagent.innerspan.bridge.Prediction} of the bridge, whose end is the span's;
 * the {@code PredictorCall} of a thread knows which one it is in, and what is being read. A model
 * is a {@code ReadModel}: where its predictions are told, and a {@code Readable}, which says how
 * its signals are read:
 *
 * <ul>
 *   <li>{@code ScriptRunner}: a TorchScript module that {@code ScriptLoading} loaded from a
 *       rewritten archive;
 *   <li>{@code BlockReader}: blocks of Java;
 *   <li>{@code OutputSignals} of the library: what any model gives.
 * </ul>
 *
 * <p>Before anything is read, packs are held to their golden inputs: {@code ScriptLoading} has them
 * run on a copy of the archive, {@code GoldenRun} on the blocks themselves.
 *
 * <p>All three give readings with columns in an order that the other side was told beforehand, as
 * {@code ReadSignals}. Packs come from there as files: this side has classes of its own, for it
 * sees DJL's.
 */
@NullMarked
package io.innerspan.djl.javaagent;

import org.jspecify.annotations.NullMarked;
