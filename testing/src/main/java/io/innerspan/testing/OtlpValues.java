package io.innerspan.testing;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** OTLP's attribute values as plain Java values. */
public final class OtlpValues {
  /**
   * The attributes in their order: values are String, Boolean, Long, Double, byte[], List or Map.
   *
   * @return an unmodifiable map
   * @throws IllegalArgumentException when a key stands twice, which OTLP forbids
   */
  public static Map<String, Object> attributes(List<KeyValue> pairs) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (KeyValue pair : pairs) {
      if (attributes.put(pair.getKey(), value(pair.getValue())) != null) {
        throw new IllegalArgumentException("attribute " + pair.getKey() + " stands twice");
      }
    }
    return Collections.unmodifiableMap(attributes);
  }

  static Object value(AnyValue value) {
    return switch (value.getValueCase()) {
      case BOOL_VALUE -> value.getBoolValue();
      case INT_VALUE -> value.getIntValue();
      case DOUBLE_VALUE -> value.getDoubleValue();
      case BYTES_VALUE -> value.getBytesValue().toByteArray();
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream().map(OtlpValues::value).toList();
      case KVLIST_VALUE -> attributes(value.getKvlistValue().getValuesList());
      default -> value.getStringValue();
    };
  }

  /** An id as lower-case hexadecimal digits; empty for an absent id. */
  static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private OtlpValues() {}
}
