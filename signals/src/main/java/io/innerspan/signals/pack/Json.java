package io.innerspan.signals.pack;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.innerspan.signals.InvalidValueException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads strict JSON (RFC 8259) into maps, lists, strings, booleans and {@link Numeral}s. Names come
 * once, depth and length are bounded.
 */
final class Json {
  private static final int MAX_DEPTH = 16;

  /** A number as it is spelt. */
  record Numeral(String literal) {
    @Override
    public String toString() {
      return literal;
    }
  }

  /** JSON's null, since maps and lists hold objects. */
  enum Null {
    NULL;

    @Override
    public String toString() {
      return "null";
    }
  }

  private final JsonReader json;

  private Json(JsonReader json) {
    this.json = json;
  }

  static Object parse(ByteBuffer utf8) {
    JsonReader reader = new JsonReader(new StringReader(decode(utf8)));
    reader.setStrictness(Strictness.STRICT);
    reader.setNestingLimit(MAX_DEPTH);
    try {
      Object value = new Json(reader).value();
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new InvalidValueException("JSON", "one value", "more behind it");
      }
      return value;
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      String path = reader.getPath();
      InvalidValueException fault =
          new InvalidValueException(
              "JSON", "strict JSON nested at most " + MAX_DEPTH + " deep", "a fault at " + path);
      fault.initCause(e);
      throw fault;
    }
  }

  private static String decode(ByteBuffer utf8) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(utf8.duplicate()).toString();
      if (text.startsWith("\uFEFF")) {
        throw new InvalidValueException("JSON", "no byte order mark", "one");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw new InvalidValueException("JSON", "UTF-8", "other bytes");
    }
  }

  private Object value() throws IOException {
    return switch (json.peek()) {
      case BEGIN_OBJECT -> object();
      case BEGIN_ARRAY -> array();
      case STRING -> json.nextString();
      case NUMBER -> new Numeral(json.nextString());
      case BOOLEAN -> json.nextBoolean();
      default -> {
        json.nextNull();
        yield Null.NULL;
      }
    };
  }

  private Map<String, Object> object() throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    json.beginObject();
    while (json.hasNext()) {
      String name = json.nextName();
      if (fields.containsKey(name)) {
        throw new InvalidValueException(json.getPath(), "each name once", "it twice");
      }
      fields.put(name, value());
    }
    json.endObject();
    return fields;
  }

  private List<Object> array() throws IOException {
    List<Object> values = new ArrayList<>();
    json.beginArray();
    while (json.hasNext()) {
      values.add(value());
    }
    json.endArray();
    return values;
  }
}
