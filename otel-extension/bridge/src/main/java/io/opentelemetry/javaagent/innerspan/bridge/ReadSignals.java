package io.opentelemetry.javaagent.innerspan.bridge;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is read of a model's predictions, of the signals in its packs.
 *
 * @param signals the ids of those that have columns in a reading, in the columns' order; the last
 *     column is the number of real tokens
 * @param gates by signal, the gate that it lies behind, or −1
 * @param standingGates how many of the gates, the first ones, are meant to be always open
 * @param refusals by signal id, why others have none
 * @param contradictions by the name of a pack, what a golden input of it contradicts: its signals
 *     are in none of the others
 * @param refusal why nothing is read at all, where there is one reason for all
 */
public record ReadSignals(
    List<String> signals,
    List<Integer> gates,
    int standingGates,
    Map<String, Refusal> refusals,
    Map<String, String> contradictions,
    @Nullable Refusal refusal) {
  public ReadSignals {
    signals = List.copyOf(signals);
    gates = List.copyOf(gates);
    refusals = Map.copyOf(refusals);
    contradictions = Map.copyOf(contradictions);
  }
}
