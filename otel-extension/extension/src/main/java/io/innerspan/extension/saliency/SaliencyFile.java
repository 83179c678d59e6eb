package io.innerspan.extension.saliency;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.javaagent.innerspan.bridge.Saliency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes all values of explanations: one line of JSON each, appended to one file.
 *
 * @param directory that need not exist
 */
record SaliencyFile(Path directory) {
  private static final String NAME = "saliency.jsonl";

  /** Appends an explanation. */
  void write(String model, Context context, Saliency saliency) throws IOException {
    SpanContext span = Span.fromContext(context).getSpanContext();
    JsonObject line = new JsonObject();
    line.addProperty("trace_id", span.getTraceId());
    line.addProperty("span_id", span.getSpanId());
    line.addProperty("model", model);
    line.addProperty("method", saliency.method());
    line.addProperty("baseline", saliency.baseline());
    line.addProperty("unit", saliency.tokens() ? "token" : "feature");
    line.addProperty("row", saliency.row());
    line.addProperty("class", saliency.target());
    line.addProperty("score", saliency.score());
    line.addProperty("baseline_score", saliency.baselineScore());
    if (Double.isFinite(saliency.completenessError())) {
      line.addProperty("completeness_error", saliency.completenessError());
    }
    JsonArray values = new JsonArray();
    for (double part : saliency.parts()) {
      values.add(part);
    }
    line.add("values", values);
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve(NAME), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
