package io.innerspan.extension.saliency;

import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.SaliencyMethod;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the user set about explaining inferences.
 *
 * @param rate the share of inferences that are explained
 * @param onDemand whether baggage can ask for an explanation
 * @param method of explaining
 * @param baseline what the input is compared with
 * @param memoryBytes what copies of inputs and weights may take in all
 * @param directory where all values are written, or null
 */
public record SaliencySettings(
    double rate,
    boolean onDemand,
    SaliencyMethod method,
    Baseline baseline,
    long memoryBytes,
    @Nullable Path directory) {
  public SaliencySettings {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("expected a rate from 0 to 1, found " + rate);
    }
    if (memoryBytes < 0) {
      throw new IllegalArgumentException("expected no negative limit, found " + memoryBytes);
    }
  }

  /** Whether any inference may be explained. */
  public boolean isOn() {
    return rate > 0 || onDemand;
  }

  /** The same without any explanation: there is nowhere to put it. */
  public SaliencySettings off() {
    return new SaliencySettings(0, false, method, baseline, memoryBytes, directory);
  }
}
