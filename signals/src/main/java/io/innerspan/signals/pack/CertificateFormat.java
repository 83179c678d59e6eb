package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.InvalidValueException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A certificate as JSON. Its last field is the SHA-256 of the same text without that field, so that
 * a certificate which was damaged, or changed by hand, is not believed.
 */
final class CertificateFormat {
  private static final String SCHEMA_VERSION = "1.0";
  private static final String INDENT = "  ";
  private static final String ON_ONE_LINE = "";
  private static final String RESULT = "bit_identical";

  static byte[] write(Certificate certificate) {
    return text(certificate, digest(certificate)).getBytes(StandardCharsets.UTF_8);
  }

  private static String digest(Certificate certificate) {
    return Sha256.hex(text(certificate, null).getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Certificate certificate, @Nullable String digest) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.setIndent(INDENT);
      json.setHtmlSafe(false);
      write(json, certificate, digest);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to be written", e);
    }
    return text + "\n";
  }

  private static void write(JsonWriter json, Certificate certificate, @Nullable String digest)
      throws IOException {
    json.beginObject();
    json.name("schema_version").value(SCHEMA_VERSION);
    json.name("result").value(RESULT);
    json.name("pack").value(certificate.pack());
    json.name("model").value(certificate.model());
    json.name("overlay").value(certificate.overlay());
    json.name("engine").beginObject();
    json.name("name").value(certificate.engine());
    json.name("version").value(certificate.engineVersion()).endObject();
    json.name("platform").beginObject();
    json.name("os").value(certificate.platform().os());
    json.name("architecture").value(certificate.platform().architecture());
    texts(json, "cpu_features", certificate.platform().cpuFeatures()).endObject();
    texts(json, "session_options", certificate.sessionOptions());
    texts(json, "excluded_taps", certificate.excludedTaps());
    json.name("inputs").beginArray();
    for (Map<String, List<Long>> input : certificate.inputs()) {
      json.beginObject();
      for (Map.Entry<String, List<Long>> shape : new TreeMap<>(input).entrySet()) {
        json.name(shape.getKey());
        json.setIndent(ON_ONE_LINE);
        json.beginArray();
        for (long size : shape.getValue()) {
          json.value(size);
        }
        json.endArray();
        json.setIndent(INDENT);
      }
      json.endObject();
    }
    json.endArray();
    json.name("golden_inputs").value(certificate.goldenInputs());
    json.name("date").value(certificate.date().toString());
    if (digest != null) {
      json.name("sha256").value(digest);
    }
    json.endObject();
  }

  private static JsonWriter texts(JsonWriter json, String name, List<String> texts)
      throws IOException {
    json.name(name);
    json.setIndent(ON_ONE_LINE);
    json.beginArray();
    for (String text : texts) {
      json.value(text);
    }
    json.endArray();
    json.setIndent(INDENT);
    return json;
  }

  /**
   * Reads a certificate.
   *
   * @throws InvalidValueException when it is damaged, or of another version
   */
  static Certificate read(ByteBuffer bytes) {
    Fields root = Fields.of("", Json.parse(bytes));
    expect(root, "schema_version", SCHEMA_VERSION);
    expect(root, "result", RESULT);
    Fields engine = root.object("engine");
    Fields platform = root.object("platform");
    Certificate certificate =
        new Certificate(
            root.text("pack"),
            root.text("model"),
            root.text("overlay"),
            engine.text("name"),
            engine.text("version"),
            new Platform(
                platform.text("os"), platform.text("architecture"), platform.texts("cpu_features")),
            root.texts("session_options"),
            root.texts("excluded_taps"),
            inputs(root),
            root.whole("golden_inputs"),
            date(root.text("date")));
    expect(root, "sha256", digest(certificate));
    engine.refuseUnread();
    platform.refuseUnread();
    root.refuseUnread();
    return certificate;
  }

  private static void expect(Fields root, String field, String expected) {
    String found = root.text(field);
    if (!found.equals(expected)) {
      throw new InvalidValueException(field, "'" + expected + "'", "'" + found + "'");
    }
  }

  private static List<Map<String, List<Long>>> inputs(Fields root) {
    List<Map<String, List<Long>>> inputs = new ArrayList<>();
    for (Fields input : root.objects("inputs")) {
      Map<String, List<Long>> shapes = new TreeMap<>();
      input.names().forEach(name -> shapes.put(name, input.integers(name)));
      inputs.add(shapes);
    }
    return inputs;
  }

  private static Instant date(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new InvalidValueException("date", "a date such as 2026-01-31T12:00:00Z", text);
    }
  }

  private CertificateFormat() {}
}
