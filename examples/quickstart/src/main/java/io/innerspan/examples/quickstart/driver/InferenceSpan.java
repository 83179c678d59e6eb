package io.innerspan.examples.quickstart.driver;

import io.innerspan.testing.ReceivedSpan;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a span says of one inference.
 *
 * @param span the span itself
 * @param modelDigest {@code sha256:<hex>} of the model's content, or null when it is not known yet
 * @param pack the probe packs that gave the scores, joined by commas; null without a reading
 * @param probes the probes with a score, by their ids in alphabetical order
 */
record InferenceSpan(
    ReceivedSpan span,
    @Nullable String modelDigest,
    @Nullable String pack,
    Map<String, Probe> probes) {
  private static final String OURS = "innerspan.";
  private static final String PROBE = "innerspan.probe.";
  private static final String SCORE = ".score";

  /**
   * A probe's answer.
   *
   * @param score in [0, 1]
   * @param label what the score stands for; null for a probe without a threshold
   */
  record Probe(double score, @Nullable String label) {}

  /** The inferences among the spans, by the time they began. */
  static List<InferenceSpan> among(List<ReceivedSpan> spans) {
    return spans.stream()
        .filter(InferenceSpan::isInference)
        .sorted(Comparator.comparingLong(span -> span.proto().getStartTimeUnixNano()))
        .map(InferenceSpan::of)
        .toList();
  }

  static boolean isInference(ReceivedSpan span) {
    return span.attributes().keySet().stream().anyMatch(key -> key.startsWith(OURS));
  }

  static InferenceSpan of(ReceivedSpan span) {
    Map<String, Object> attributes = span.attributes();
    Map<String, Probe> probes = new TreeMap<>();
    attributes.forEach(
        (key, value) -> {
          if (key.startsWith(PROBE) && key.endsWith(SCORE) && value instanceof Double score) {
            String id = key.substring(PROBE.length(), key.length() - SCORE.length());
            probes.put(id, new Probe(score, text(attributes.get(PROBE + id + ".label"))));
          }
        });
    return new InferenceSpan(
        span,
        text(attributes.get("artifact.hash")),
        text(attributes.get("innerspan.pack")),
        new LinkedHashMap<>(probes));
  }

  private static @Nullable String text(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
    return value == null ? null : value.toString();
  }
}
