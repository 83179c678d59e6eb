package io.innerspan.mcp.javaagent;

import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.opentelemetry.javaagent.innerspan.bridge.McpOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a message ended, by what came of it. */
final class Answers {
  /**
   * Of what a request's sender gets, or of the response that its receiver gives.
   *
   * @param wanted whether what a tool gave is wanted
   */
  static McpOutcome of(@Nullable Object answer, boolean wanted) {
    if (answer instanceof JSONRPCResponse response) {
      return response.error() == null
          ? ofResult(response.result(), wanted)
          : ofCode(response.error().code());
    }
    return ofResult(answer, wanted);
  }

  /** Of what was thrown; an error of the peer is one of JSON-RPC. */
  static McpOutcome of(Throwable failure) {
    return failure instanceof McpError error && error.getJsonRpcError() != null
        ? ofCode(error.getJsonRpcError().code())
        : McpOutcome.failed(failure);
  }

  private static McpOutcome ofCode(@Nullable Integer code) {
    return new McpOutcome(code == null ? 0 : code, false, null, false, null, null);
  }

  private static McpOutcome ofResult(@Nullable Object result, boolean wanted) {
    if (result instanceof CallToolResult call) {
      return new McpOutcome(
          null,
          Boolean.TRUE.equals(call.isError()),
          null,
          false,
          null,
          wanted ? content(call) : null);
    }
    // A server's result may be JSON already.
    if (result instanceof Map<?, ?> map && map.containsKey("content")) {
      return new McpOutcome(
          null, Boolean.TRUE.equals(map.get("isError")), null, false, null, wanted ? map : null);
    }
    if (result instanceof InitializeResult initialized) {
      return new McpOutcome(null, false, null, false, initialized.protocolVersion(), null);
    }
    return McpOutcome.DONE;
  }

  /** Texts, and of everything else what it is. */
  private static Object content(CallToolResult call) {
    List<Object> parts = new ArrayList<>();
    if (call.content() != null) {
      for (Content part : call.content()) {
        parts.add(part instanceof TextContent text ? text.text() : "(" + part.type() + ")");
      }
    }
    if (call.structuredContent() != null) {
      parts.add(call.structuredContent());
    }
    return parts;
  }

  private Answers() {}
}
