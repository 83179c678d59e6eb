package io.innerspan.recorder;

import java.util.List;

/**
 * By what the traffic is sliced.
 *
 * @param keys by what inferences are told apart
 * @param limit how many values of each key have slices of their own
 */
public record CohortSettings(List<CohortKey> keys, int limit) {
  /** It is not. */
  public static final CohortSettings NONE = new CohortSettings(List.of(), 50);

  public CohortSettings {
    keys = List.copyOf(keys);
  }
}
