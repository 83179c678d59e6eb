package io.innerspan.recorder;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings together what a judge and a human said on the same evaluation in the same trace, whoever
 * comes first. Each verdict is compared once; a later one of the same side takes the place of one
 * that still waits. At most {@value #WAITING} wait, the oldest go. Thread-safe.
 */
final class Verdicts {
  static final int WAITING = 10_000;

  private final Map<Key, Verdict> waiting = new LinkedHashMap<>();
  private final Map<String, Agreement> agreements = new HashMap<>();

  private record Key(String evaluation, String traceId) {}

  /** A verdict that waits for another one. */
  private record Verdict(boolean human, String label) {}

  /**
   * What became of a verdict.
   *
   * @param compared whether there was one to compare it with
   * @param agreed whether the two are the same
   * @param kappa the agreement on this evaluation so far, or not a number
   * @param lost which side's verdict went without a comparison: {@code TRUE} a human's, {@code
   *     FALSE} a judge's, null none
   */
  record Result(boolean compared, boolean agreed, double kappa, @Nullable Boolean lost) {}

  /**
   * Takes a verdict.
   *
   * @param evaluation from a bounded set
   */
  synchronized Result add(String evaluation, String traceId, boolean human, String label) {
    Key key = new Key(evaluation, traceId);
    Verdict other = waiting.get(key);
    if (other != null && other.human() != human) {
      waiting.remove(key);
      String judge = human ? other.label() : label;
      String person = human ? label : other.label();
      Agreement agreement = agreements.computeIfAbsent(evaluation, name -> new Agreement());
      agreement.add(judge, person);
      return new Result(true, judge.equals(person), agreement.kappa(), null);
    }
    waiting.remove(key); // The new one waits as the youngest.
    waiting.put(key, new Verdict(human, label));
    Boolean lost = other == null ? null : Boolean.valueOf(other.human());
    if (waiting.size() > WAITING) {
      Iterator<Verdict> oldest = waiting.values().iterator();
      lost = oldest.next().human();
      oldest.remove();
    }
    return new Result(false, false, Double.NaN, lost);
  }
}
