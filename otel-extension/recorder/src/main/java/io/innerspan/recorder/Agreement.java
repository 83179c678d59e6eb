package io.innerspan.recorder;

import java.util.HashMap;
import java.util.Map;

/**
 * How far a judge and humans agree on one evaluation, beyond what chance would give: Cohen's kappa
 * (Cohen 1960), {@code (observed − expected) / (1 − expected)}. Guarded by its owner's lock.
 */
final class Agreement {
  /** Pairs with further labels are left out. */
  static final int LABELS = 32;

  private final Map<String, long[]> byLabel = new HashMap<>();
  private long pairs;
  private long agreed;

  /** Takes a pair of verdicts on the same. */
  void add(String judge, String human) {
    long[] ofJudge = counts(judge);
    long[] ofHuman = counts(human);
    if (ofJudge.length == 0 || ofHuman.length == 0) {
      return;
    }
    ofJudge[0]++;
    ofHuman[1]++;
    pairs++;
    agreed += judge.equals(human) ? 1 : 0;
  }

  /** From −1 to 1, 0 being chance; not a number while both have used the same one label only. */
  double kappa() {
    double observed = (double) agreed / pairs;
    double expected = 0;
    for (long[] counts : byLabel.values()) {
      expected += (double) counts[0] / pairs * counts[1] / pairs;
    }
    return expected >= 1 ? Double.NaN : (observed - expected) / (1 - expected);
  }

  private long[] counts(String label) {
    long[] counts = byLabel.get(label);
    if (counts == null) {
      if (byLabel.size() >= LABELS) {
        return new long[0];
      }
      counts = new long[2];
      byLabel.put(label, counts);
    }
    return counts;
  }
}
