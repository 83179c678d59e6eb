package io.innerspan.exporter.siem;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The findings that the collector's test sends, out of the same file. */
final class RecordedFindings {
  static final Path FOLDER = Path.of("../../collector-config/test");

  private RecordedFindings() {}

  static List<Finding> read() throws IOException {
    JsonObject request =
        JsonParser.parseString(Files.readString(FOLDER.resolve("findings.json"))).getAsJsonObject();
    JsonObject resourceLogs = request.getAsJsonArray("resourceLogs").get(0).getAsJsonObject();
    Map<String, Object> resource = attributes(resourceLogs.getAsJsonObject("resource"));
    JsonObject scope = resourceLogs.getAsJsonArray("scopeLogs").get(0).getAsJsonObject();
    List<Finding> findings = new ArrayList<>();
    for (JsonElement element : scope.getAsJsonArray("logRecords")) {
      JsonObject log = element.getAsJsonObject();
      String time = log.has("timeUnixNano") ? "timeUnixNano" : "observedTimeUnixNano";
      findings.add(
          new Finding(
              Instant.ofEpochSecond(0, log.get(time).getAsLong()),
              log.has("traceId") ? log.get("traceId").getAsString() : "",
              log.has("spanId") ? log.get("spanId").getAsString() : "",
              attributes(log),
              resource));
    }
    return findings;
  }

  private static Map<String, Object> attributes(JsonObject carrier) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (JsonElement element : carrier.getAsJsonArray("attributes")) {
      JsonObject attribute = element.getAsJsonObject();
      attributes.put(attribute.get("key").getAsString(), value(attribute.getAsJsonObject("value")));
    }
    return attributes;
  }

  private static Object value(JsonObject value) {
    if (value.has("intValue")) {
      return value.get("intValue").getAsLong();
    }
    if (value.has("doubleValue")) {
      return value.get("doubleValue").getAsDouble();
    }
    if (value.has("arrayValue")) {
      JsonArray values = value.getAsJsonObject("arrayValue").getAsJsonArray("values");
      return values.asList().stream().map(member -> value(member.getAsJsonObject())).toList();
    }
    return value.get("stringValue").getAsString();
  }
}
