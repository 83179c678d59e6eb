package io.innerspan.mcp.javaagent;

import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.opentelemetry.javaagent.innerspan.bridge.McpMessage;
import org.jspecify.annotations.Nullable;

/** What the SDK's objects say of a message. */
final class Messages {
  private static final String CALL = "tools/call";
  private static final String PROMPT = "prompts/get";

  static McpMessage of(
      String method, @Nullable Object id, @Nullable Object parameters, @Nullable Object session) {
    String name = Parameters.text(parameters, "name");
    return new McpMessage(
        method,
        id == null ? null : String.valueOf(id),
        method.equals(CALL) ? name : null,
        method.equals(PROMPT) ? name : null,
        method.startsWith("resources/") || method.startsWith("notifications/resources/")
            ? Parameters.text(parameters, "uri")
            : null,
        session(session),
        Transports.of(session));
  }

  /** Whether a tool is called, whose arguments and result are content. */
  static boolean isCall(String method) {
    return method.equals(CALL);
  }

  /** Only servers know theirs. */
  private static @Nullable String session(@Nullable Object session) {
    if (session instanceof McpStreamableServerSession.McpStreamableServerSessionStream stream) {
      return session(Streams.sessionOf(stream));
    }
    if (session instanceof McpStreamableServerSession streamable) {
      return streamable.getId();
    }
    return session instanceof McpServerSession server && "tcp".equals(Transports.of(session))
        ? server.getId()
        : null;
  }

  private Messages() {}
}
