package io.innerspan.mcp.javaagent;

import io.modelcontextprotocol.spec.McpClientSession;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/**
 * What a session's messages travel on: {@code pipe}, {@code tcp}, or null where nothing says so.
 */
final class Transports {
  private static final ClassValue<String> BY_TYPE =
      new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
          String name = type.getName();
          if (name.contains("Stdio")) {
            return "pipe";
          }
          boolean http =
              name.contains("Http")
                  || name.contains("WebFlux")
                  || name.contains("WebMvc")
                  || name.contains("WebClient")
                  || name.contains("Sse");
          return http ? "tcp" : "";
        }
      };

  private static final @Nullable Field OF_CLIENT = field(McpClientSession.class);
  private static final @Nullable Field OF_SERVER = field(McpServerSession.class);

  static @Nullable String of(@Nullable Object session) {
    if (session instanceof McpStreamableServerSession
        || session instanceof McpStreamableServerSession.McpStreamableServerSessionStream) {
      return "tcp";
    }
    Field field =
        session instanceof McpClientSession
            ? OF_CLIENT
            : session instanceof McpServerSession ? OF_SERVER : null;
    try {
      Object transport = field == null ? null : field.get(session);
      String kind = transport == null ? "" : BY_TYPE.get(transport.getClass());
      return kind.isEmpty() ? null : kind;
    } catch (IllegalAccessException e) {
      return null;
    }
  }

  private static @Nullable Field field(Class<?> session) {
    try {
      Field field = session.getDeclaredField("transport");
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException | RuntimeException e) {
      return null; // Another version: then it is not told.
    }
  }

  private Transports() {}
}
