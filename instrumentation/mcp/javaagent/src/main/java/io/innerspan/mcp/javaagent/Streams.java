package io.innerspan.mcp.javaagent;

import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerSession.McpStreamableServerSessionStream;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** The session that a stream is an inner object of. */
final class Streams {
  private static final @Nullable Field OUTER = outer();

  /** Null where it cannot be told. */
  static @Nullable Object sessionOf(McpStreamableServerSessionStream stream) {
    try {
      return OUTER == null ? null : OUTER.get(stream);
    } catch (IllegalAccessException e) {
      return null;
    }
  }

  private static @Nullable Field outer() {
    for (Field field : McpStreamableServerSessionStream.class.getDeclaredFields()) {
      if (field.getType() == McpStreamableServerSession.class) {
        try {
          field.setAccessible(true);
          return field;
        } catch (RuntimeException e) {
          return null;
        }
      }
    }
    return null;
  }

  private Streams() {}
}
