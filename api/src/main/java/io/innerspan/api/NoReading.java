package io.innerspan.api;

import java.util.Collections;
import java.util.Map;
import java.util.Set;

/** The absence of a reading. */
final class NoReading implements InferenceReading {
  static final InferenceReading INSTANCE = new NoReading();

  @Override
  public boolean isPresent() {
    return false;
  }

  @Override
  public String model() {
    return "";
  }

  @Override
  public String modelDigest() {
    return "";
  }

  @Override
  public String traceId() {
    return "";
  }

  @Override
  public String spanId() {
    return "";
  }

  @Override
  public Map<String, Double> scores() {
    return Collections.emptyMap();
  }

  @Override
  public double score(String probe) {
    return Double.NaN;
  }

  @Override
  public Map<String, Double> thresholds() {
    return Collections.emptyMap();
  }

  @Override
  public Set<String> crossed() {
    return Collections.emptySet();
  }

  @Override
  public Map<String, Map<String, Object>> signals() {
    return Collections.emptyMap();
  }

  @Override
  public String toString() {
    return "no reading";
  }

  private NoReading() {}
}
