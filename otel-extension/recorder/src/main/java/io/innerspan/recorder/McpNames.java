package io.innerspan.recorder;

import io.innerspan.semconv.InnerspanAttributes;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.javaagent.innerspan.bridge.McpMessage;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The names of a message as far as they are of a bounded set.
 *
 * @param method of the protocol
 * @param tool that is called, or null
 * @param prompt that is asked for, or null
 */
record McpNames(String method, @Nullable String tool, @Nullable String prompt) {
  private static final int LONGEST = 128;
  private static final String EXECUTE = "execute_tool";

  static McpNames of(McpMessage message, BoundedNames names) {
    return new McpNames(
        kept(message.method(), "method:", names),
        message.tool() == null ? null : kept(message.tool(), "tool:", names),
        message.prompt() == null ? null : kept(message.prompt(), "prompt:", names));
  }

  private static String kept(String name, String kind, BoundedNames names) {
    String cut = cut(name);
    return names.keep(kind + cut).equals(BoundedNames.OTHER) ? BoundedNames.OTHER : cut;
  }

  /** {@code {method} {target}}. */
  String spanName() {
    String target = tool == null ? prompt : tool;
    return target == null ? method : method + " " + target;
  }

  /** Puts what is known at the beginning on the span. */
  void write(SpanBuilder span, McpMessage message) {
    span.setAttribute(InnerspanAttributes.MCP_METHOD_NAME, cut(message.method()));
    if (message.tool() != null) {
      span.setAttribute(InnerspanAttributes.GEN_AI_TOOL_NAME, cut(message.tool()));
      span.setAttribute(InnerspanAttributes.GEN_AI_OPERATION_NAME, EXECUTE);
    }
    if (message.prompt() != null) {
      span.setAttribute(InnerspanAttributes.GEN_AI_PROMPT_NAME, cut(message.prompt()));
    }
    if (message.id() != null) {
      span.setAttribute(InnerspanAttributes.JSONRPC_REQUEST_ID, cut(message.id()));
    }
    if (message.resource() != null) {
      span.setAttribute(InnerspanAttributes.MCP_RESOURCE_URI, sanitized(message.resource()));
    }
    if (message.session() != null) {
      span.setAttribute(InnerspanAttributes.MCP_SESSION_ID, cut(message.session()));
    }
    if (message.transport() != null) {
      span.setAttribute(InnerspanAttributes.NETWORK_TRANSPORT, message.transport());
    }
  }

  /** The labels of the duration. */
  Attributes labels(McpMessage message, @Nullable String errorType, @Nullable String statusCode) {
    AttributesBuilder labels =
        Attributes.builder().put(InnerspanAttributes.MCP_METHOD_NAME, method);
    if (tool != null) {
      labels.put(InnerspanAttributes.GEN_AI_TOOL_NAME, tool);
      labels.put(InnerspanAttributes.GEN_AI_OPERATION_NAME, EXECUTE);
    }
    if (prompt != null) {
      labels.put(InnerspanAttributes.GEN_AI_PROMPT_NAME, prompt);
    }
    if (message.transport() != null) {
      labels.put(InnerspanAttributes.NETWORK_TRANSPORT, message.transport());
    }
    if (errorType != null) {
      labels.put(InnerspanAttributes.ERROR_TYPE, errorType);
    }
    if (statusCode != null) {
      labels.put(InnerspanAttributes.RPC_RESPONSE_STATUS_CODE, statusCode);
    }
    return labels.build();
  }

  /** Without user, query and fragment, where such things as names and keys are. */
  static String sanitized(String uri) {
    int end = uri.length();
    for (char mark : new char[] {'?', '#'}) {
      int at = uri.indexOf(mark);
      end = at >= 0 ? Math.min(end, at) : end;
    }
    String path = uri.substring(0, end);
    try {
      String user = URI.create(path).getRawUserInfo();
      path = user == null ? path : path.replace(user + "@", "");
    } catch (IllegalArgumentException e) {
      int at = path.lastIndexOf('@');
      path = at >= 0 ? path.substring(at + 1) : path;
    }
    return cut(path);
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
  }
}
