/**
 * Byte Buddy advice for DJL's predictors.
 *
 * <p>{@link io.innerspan.djl.javaagent.Predictions} is all that advice calls; it knows which
 * prediction a thread is in. A {@code batchPredict} or {@code streamingPredict} is one {@link
 * io.opentelemetry.javaagent.innerspan.bridge.Prediction} of the bridge, whose end is the span's.
 * What reads activations needs no more than that object, which {@link
 * io.innerspan.djl.javaagent.Predictions#inForward} gives to advice on blocks while the predictor's
 * own block runs, and to nobody in training:
 *
 * <ol>
 *   <li>{@code openGates()} says which signals are to be computed;
 *   <li>{@code read(values, rows)} brings them, {@code rows × columns} raw values as the graft's
 *       reading output has them, once per forward; several forwards of a prediction are one batch;
 *   <li>the layout of the columns is that of the {@code PredictedModel} which the extension's
 *       {@code PredictionObserver} gave for the model: what is read is recorded when the span ends.
 * </ol>
 */
@NullMarked
package io.innerspan.djl.javaagent;

import org.jspecify.annotations.NullMarked;
