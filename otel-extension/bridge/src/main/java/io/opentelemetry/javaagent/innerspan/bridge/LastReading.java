package io.opentelemetry.javaagent.innerspan.bridge;

import java.util.Map;
import java.util.Set;

/**
 * What was read of the latest inference of a thread.
 *
 * @param model its name, or empty
 * @param modelDigest {@code sha256:} and lowercase hexadecimal digits, or empty
 * @param traceId of the inference, or empty
 * @param spanId of the inference, or empty
 * @param scores by probe, the largest over the rows
 * @param thresholds by probe
 * @param crossed the probes whose score reached their threshold
 * @param signals by signal other than a probe, its values by name: each a {@code Double}, {@code
 *     Long}, {@code String} or a list of one of these
 */
public record LastReading(
    String model,
    String modelDigest,
    String traceId,
    String spanId,
    Map<String, Double> scores,
    Map<String, Double> thresholds,
    Set<String> crossed,
    Map<String, Map<String, Object>> signals) {
  public LastReading {
    scores = Map.copyOf(scores);
    thresholds = Map.copyOf(thresholds);
    crossed = Set.copyOf(crossed);
    signals = Map.copyOf(signals);
  }
}
