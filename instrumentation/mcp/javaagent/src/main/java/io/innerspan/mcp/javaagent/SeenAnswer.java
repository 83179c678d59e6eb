package io.innerspan.mcp.javaagent;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * A transport that sees one request's answer. A proxy, because the interface grows from version to
 * version: every call goes on to the original.
 */
final class SeenAnswer implements InvocationHandler {
  private final McpStreamableServerTransport original;
  private final McpStreamableServerTransport proxy;
  private volatile @Nullable Object awaited;
  private volatile @Nullable JSONRPCResponse answer;

  SeenAnswer(McpStreamableServerTransport original) {
    this.original = original;
    this.proxy =
        (McpStreamableServerTransport)
            Proxy.newProxyInstance(
                McpStreamableServerTransport.class.getClassLoader(),
                new Class<?>[] {McpStreamableServerTransport.class},
                this);
  }

  /** The one that a transport is, or null when it is another. */
  static @Nullable SeenAnswer of(@Nullable Object transport) {
    return transport != null
            && Proxy.isProxyClass(transport.getClass())
            && Proxy.getInvocationHandler(transport) instanceof SeenAnswer seen
        ? seen
        : null;
  }

  /** The request whose answer is of interest. */
  void await(@Nullable Object id) {
    awaited = id;
  }

  McpStreamableServerTransport transport() {
    return proxy;
  }

  /** The answer that was sent, or null. */
  @Nullable JSONRPCResponse answer() {
    return answer;
  }

  @Override
  public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (arguments != null
        && arguments.length > 0
        && arguments[0] instanceof JSONRPCResponse response
        && response.id() != null
        && response.id().equals(awaited)) {
      answer = response;
    }
    if (method.getName().equals("equals") && arguments != null) {
      return arguments[0] == self || original.equals(arguments[0]);
    }
    try {
      return method.invoke(original, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }
}
