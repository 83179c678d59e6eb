package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to append to a model so that its graph computes signals.
 *
 * <p>The reading is one hidden output, float {@code [batch, columns + 1]}: a column per signal (the
 * raw logit of a probe, before calibration; the mean norm of an {@code ActivationSummary}), then
 * the row's number of real tokens. A value of a row without real tokens means nothing. Where every
 * signal has a gate and all of these are closed, the reading has no rows.
 *
 * @param bytes a serialised ModelProto to be concatenated to the model's bytes; empty when every
 *     signal was refused
 * @param readingOutput the name of the hidden output, which comes after the model's own outputs
 * @param signals the compiled signals in the order of their columns
 * @param gates by signal, the index of the gate that it lies behind, or −1
 * @param standingGates how many of the gates, the first ones, are meant to be open for every
 *     inference, because what lies behind them is cheap
 * @param taps the activation tensors that the overlay reads, each once
 * @param maskInput the attention-mask input that tells real tokens from padding, or null when no
 *     column needs one
 * @param refusals by signal id, why a signal has no column
 */
@SuppressWarnings("ArrayRecordComponent")
public record Overlay(
    byte[] bytes,
    String readingOutput,
    List<Signal> signals,
    List<Integer> gates,
    int standingGates,
    List<String> taps,
    @Nullable String maskInput,
    Map<String, SignalRefusal> refusals) {
  public Overlay {
    signals = List.copyOf(signals);
    gates = List.copyOf(gates);
    taps = List.copyOf(taps);
    refusals = Map.copyOf(refusals);
  }

  /** Whether there is nothing to append: no signal was asked for, or every one was refused. */
  public boolean isEmpty() {
    return signals.isEmpty();
  }

  /** Whether the reading has values while every gate is closed; else it has no rows then. */
  public boolean readsAlways() {
    return gates.contains(ReadingLayout.ALWAYS_OPEN);
  }

  /**
   * How many gates there are. With at least one the model has an input more, {@link
   * OverlayCompiler#GATES}.
   */
  public int gateCount() {
    return gates.stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
  }
}
