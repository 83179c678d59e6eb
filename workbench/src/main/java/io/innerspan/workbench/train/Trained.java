package io.innerspan.workbench.train;

import io.innerspan.signals.Probe;
import io.innerspan.workbench.data.Part;
import io.innerspan.workbench.stats.Interval;
import java.util.List;
import java.util.Map;

/**
 * All that training found out.
 *
 * @param probe the probe, calibrated, with its threshold if one was certified
 * @param chosen how it was chosen
 * @param tried how many candidates there were
 * @param stable how many of them it was chosen from
 * @param parts the rows by part
 * @param groups the number of groups
 * @param seenGroups the named groups of all parts but the test part
 * @param maxTokens the tokens of a text that the model sees at most
 * @param result the probe on the test part
 * @param baselines the baselines on the test part
 * @param toBest the probe's AUROC minus that of the baseline with the greatest on the test part
 * @param toBestText the same among the baselines that see the text only
 */
record Trained(
    Probe probe,
    Candidate chosen,
    int tried,
    int stable,
    Map<Part, PartData> parts,
    int groups,
    List<String> seenGroups,
    int maxTokens,
    Method result,
    List<Method> baselines,
    Comparison toBest,
    Comparison toBestText) {
  /**
   * A difference of AUROCs.
   *
   * @param baseline what the probe is compared to
   * @param difference the probe's AUROC minus the baseline's, on paired resamples
   */
  record Comparison(Method baseline, Interval difference) {}

  PartData part(Part part) {
    PartData data = parts.get(part);
    if (data == null) {
      throw new IllegalStateException("no part " + part);
    }
    return data;
  }

  int rows() {
    return parts.values().stream().mapToInt(PartData::size).sum();
  }
}
