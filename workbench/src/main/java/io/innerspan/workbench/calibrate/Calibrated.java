package io.innerspan.workbench.calibrate;

import io.innerspan.signals.monitor.DriftMonitor;
import io.innerspan.signals.monitor.SignalBaseline;
import io.innerspan.signals.pack.ProbePack;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What calibrating a pack gave.
 *
 * @param before the digest of the pack that it came from
 * @param pack the new pack, as it was read back
 * @param scores of the probe that was calibrated, or null
 * @param baselines that were made
 * @param skipped values that do not vary, with what they are
 * @param monitor over the baselines, or null
 */
public record Calibrated(
    String before,
    ProbePack pack,
    @Nullable CalibratedScores scores,
    List<SignalBaseline> baselines,
    Map<String, String> skipped,
    @Nullable DriftMonitor monitor) {
  public Calibrated {
    baselines = List.copyOf(baselines);
    skipped = Map.copyOf(skipped);
  }
}
