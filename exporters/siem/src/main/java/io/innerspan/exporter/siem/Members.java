package io.innerspan.exporter.siem;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of a JSON object, in their order. Those without a value are left out. */
final class Members {
  private final Map<String, Object> members = new LinkedHashMap<>();

  Members put(String name, @Nullable Object value) {
    if (value != null) {
      members.put(name, value);
    }
    return this;
  }

  /** An object within the object, left out when it is empty. */
  Members put(String name, Members object) {
    if (!object.members.isEmpty()) {
      members.put(name, object.map());
    }
    return this;
  }

  Map<String, Object> map() {
    return Collections.unmodifiableMap(members);
  }
}
