package io.innerspan.api.javaagent;

import io.innerspan.api.InferenceReading;
import io.opentelemetry.javaagent.innerspan.bridge.LastReading;
import java.util.Map;
import java.util.Set;

/** A reading as the API shows it. */
final class PresentReading implements InferenceReading {
  private final LastReading reading;

  PresentReading(LastReading reading) {
    this.reading = reading;
  }

  @Override
  public boolean isPresent() {
    return true;
  }

  @Override
  public String model() {
    return reading.model();
  }

  @Override
  public String modelDigest() {
    return reading.modelDigest();
  }

  @Override
  public String traceId() {
    return reading.traceId();
  }

  @Override
  public String spanId() {
    return reading.spanId();
  }

  @Override
  public Map<String, Double> scores() {
    return reading.scores();
  }

  @Override
  public double score(String probe) {
    return reading.scores().getOrDefault(probe, Double.NaN);
  }

  @Override
  public Map<String, Double> thresholds() {
    return reading.thresholds();
  }

  @Override
  public Set<String> crossed() {
    return reading.crossed();
  }

  @Override
  public Map<String, Map<String, Object>> signals() {
    return reading.signals();
  }

  @Override
  public String toString() {
    return "reading of " + model() + ": " + scores();
  }
}
