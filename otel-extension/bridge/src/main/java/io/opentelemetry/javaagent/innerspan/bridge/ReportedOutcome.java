package io.opentelemetry.javaagent.innerspan.bridge;

import org.jspecify.annotations.Nullable;

/**
 * What an application says came of an inference.
 *
 * @param kind in lowercase, such as {@code human_verdict}
 * @param name what was judged
 * @param label the verdict
 * @param score not a number without one
 * @param explanation content, or null
 * @param responseId as the model's provider gave it, or null
 * @param traceId the trace that this is about, or null for the current one; with a span id
 * @param spanId the span that this is about
 */
public record ReportedOutcome(
    String kind,
    String name,
    String label,
    double score,
    @Nullable String explanation,
    @Nullable String responseId,
    @Nullable String traceId,
    @Nullable String spanId) {}
