package io.innerspan.examples.quickstart.driver;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;

/** An inference span as one line of JSON. */
final class JsonLine {
  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
  private static final double NANOS_PER_MILLISECOND = 1e6;

  static String of(String text, InferenceSpan inference) {
    JsonObject line = new JsonObject();
    line.addProperty("text", text);
    line.addProperty("trace_id", inference.span().traceId());
    line.addProperty("span_id", inference.span().spanId());
    line.addProperty("parent_span_id", inference.span().parentSpanId());
    line.addProperty("duration_ms", inference.span().duration().toNanos() / NANOS_PER_MILLISECOND);
    line.addProperty("model_digest", inference.modelDigest());
    line.addProperty("pack", inference.pack());
    JsonObject probes = new JsonObject();
    inference.probes().forEach((id, probe) -> probes.addProperty(id, probe.score()));
    line.add("probes", probes);
    return GSON.toJson(line);
  }

  private JsonLine() {}
}
