package io.innerspan.api;

import java.util.Map;
import java.util.Set;

/** What the agent read of one inference. Immutable; every map and set is unmodifiable. */
public interface InferenceReading {
  /** No reading: every map and set is empty, every text too. */
  static InferenceReading none() {
    return NoReading.INSTANCE;
  }

  /** Whether there is a reading. */
  boolean isPresent();

  /** The model's name; empty when it has none. */
  String model();

  /** The model's SHA-256 as {@code sha256:} and lowercase hexadecimal digits; empty if unknown. */
  String modelDigest();

  /** The trace of the inference, 32 lowercase hexadecimal digits; empty when it has none. */
  String traceId();

  /** The span of the inference, 16 lowercase hexadecimal digits; empty when it has none. */
  String spanId();

  /** By probe, its calibrated score in [0, 1], the largest over the rows of the batch. */
  Map<String, Double> scores();

  /**
   * The score of one probe.
   *
   * @return not a number when the probe gave none
   */
  double score(String probe);

  /** By probe, the smallest score that gets its positive label; probes without one are missing. */
  Map<String, Double> thresholds();

  /** The probes whose score reached their threshold. */
  Set<String> crossed();

  /**
   * By signal other than a probe, its values by name: the names and values that spans carry, such
   * as {@code max_probability}; of statistics of activations, which spans do not carry, the largest
   * over the rows. A value is a {@code Double}, a {@code Long}, a {@code String} or a {@code List}
   * of one of these.
   */
  Map<String, Map<String, Object>> signals();
}
