package io.innerspan.signals.safetensors;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the JSON header of a file: every key known and once, every number a plain integer. */
final class Header {
  private static final String METADATA = "__metadata__";
  private static final Pattern INTEGER = Pattern.compile("0|[1-9][0-9]{0,18}");

  /** Where a tensor's bytes lie behind the header. */
  @SuppressWarnings("ArrayRecordComponent") // never leaves this package, nor is it compared
  record Entry(String name, DType dtype, long[] shape, long begin, long end) {}

  private final String file;
  private final SafetensorsLimits limits;
  private final JsonReader json;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private Header(String file, SafetensorsLimits limits, String text) {
    this.file = file;
    this.limits = limits;
    this.json = new JsonReader(new StringReader(text));
    json.setStrictness(Strictness.STRICT);
    // tensor → field → list: nothing in the format lies deeper.
    json.setNestingLimit(4);
  }

  static Header parse(String file, SafetensorsLimits limits, String text)
      throws SafetensorsException {
    Header header = new Header(file, limits, text);
    try {
      header.read();
    } catch (SafetensorsException e) {
      throw e;
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      throw header.refuse("header", "strict JSON", "a fault at " + header.json.getPath());
    }
    header.entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    return header;
  }

  /** The tensors in the order of their bytes. */
  List<Entry> entries() {
    return entries;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  private void read() throws IOException {
    Set<String> seen = new HashSet<>();
    expect("header", JsonToken.BEGIN_OBJECT);
    json.beginObject();
    while (json.hasNext()) {
      String name = json.nextName();
      if (!seen.add(name)) {
        throw refuse("header", "each name once", "'" + name + "' twice");
      }
      if (name.equals(METADATA)) {
        readMetadata();
      } else if (entries.size() == limits.tensors()) {
        throw refuse("header", "at most " + limits.tensors() + " tensors", "more");
      } else {
        entries.add(readEntry(name));
      }
    }
    json.endObject();
    expect("header", JsonToken.END_DOCUMENT);
  }

  private void readMetadata() throws IOException {
    expect(METADATA, JsonToken.BEGIN_OBJECT);
    json.beginObject();
    while (json.hasNext()) {
      String key = json.nextName();
      expect(METADATA + "." + key, JsonToken.STRING);
      if (metadata.put(key, json.nextString()) != null) {
        throw refuse(METADATA, "each key once", "'" + key + "' twice");
      }
    }
    json.endObject();
  }

  private Entry readEntry(String name) throws IOException {
    String what = SafetensorsException.tensor(name);
    DType dtype = null;
    long[] shape = null;
    long[] offsets = null;
    expect(what, JsonToken.BEGIN_OBJECT);
    json.beginObject();
    while (json.hasNext()) {
      String field = json.nextName();
      switch (field) {
        case "dtype" -> {
          once(what, field, dtype);
          dtype = readType(what);
        }
        case "shape" -> {
          once(what, field, shape);
          shape = readIntegers(what + " shape", limits.rank());
        }
        case "data_offsets" -> {
          once(what, field, offsets);
          offsets = readIntegers(what + " data_offsets", 2);
        }
        default -> throw refuse(what, "dtype, shape and data_offsets", "the field '" + field + "'");
      }
    }
    json.endObject();
    if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
      throw refuse(what, "dtype, shape and two data_offsets", "less");
    }
    return new Entry(name, dtype, shape, offsets[0], offsets[1]);
  }

  private void once(String what, String field, @Nullable Object earlier)
      throws SafetensorsException {
    if (earlier != null) {
      throw refuse(what, "each field once", "'" + field + "' twice");
    }
  }

  private DType readType(String what) throws IOException {
    expect(what + " dtype", JsonToken.STRING);
    String name = json.nextString();
    DType type = DType.named(name);
    if (type == null) {
      throw refuse(what + " dtype", "one of " + Arrays.toString(DType.values()), "'" + name + "'");
    }
    return type;
  }

  private long[] readIntegers(String what, int atMost) throws IOException {
    long[] values = new long[atMost];
    int count = 0;
    expect(what, JsonToken.BEGIN_ARRAY);
    json.beginArray();
    while (json.hasNext()) {
      expect(what, JsonToken.NUMBER);
      String literal = json.nextString();
      if (count == atMost) {
        throw refuse(what, "at most " + atMost + " numbers", "more");
      }
      if (!INTEGER.matcher(literal).matches()) {
        throw refuse(what, "integers of at most 19 digits", literal);
      }
      values[count++] = Long.parseLong(literal);
    }
    json.endArray();
    return Arrays.copyOf(values, count);
  }

  private void expect(String what, JsonToken token) throws IOException {
    JsonToken found = json.peek();
    if (found != token) {
      throw refuse(what, token.name(), found.name());
    }
  }

  private SafetensorsException refuse(String what, String expected, String actual) {
    return new SafetensorsException(file, what, expected, actual);
  }
}
