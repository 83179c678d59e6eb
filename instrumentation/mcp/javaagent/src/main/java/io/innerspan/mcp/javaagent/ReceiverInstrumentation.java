package io.innerspan.mcp.javaagent;

import static net.bytebuddy.matcher.ElementMatchers.declaresMethod;
import static net.bytebuddy.matcher.ElementMatchers.isDeclaredBy;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.namedOneOf;
import static net.bytebuddy.matcher.ElementMatchers.not;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import io.opentelemetry.javaagent.extension.instrumentation.TypeInstrumentation;
import io.opentelemetry.javaagent.extension.instrumentation.TypeTransformer;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.Advice.AssignReturned;
import net.bytebuddy.asm.Advice.AssignReturned.ToArguments.ToArgument;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatcher;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Observes what sessions receive, and the server that has none. */
final class ReceiverInstrumentation implements TypeInstrumentation {
  private static final String REQUEST = "io.modelcontextprotocol.spec.McpSchema$JSONRPCRequest";
  private static final String TRANSPORT =
      "io.modelcontextprotocol.spec.McpStreamableServerTransport";
  private static final String NOTIFICATION =
      "io.modelcontextprotocol.spec.McpSchema$JSONRPCNotification";

  @Override
  public ElementMatcher<TypeDescription> typeMatcher() {
    return namedOneOf(
        "io.modelcontextprotocol.spec.McpClientSession",
        "io.modelcontextprotocol.spec.McpServerSession",
        "io.modelcontextprotocol.spec.McpStreamableServerSession",
        "io.modelcontextprotocol.spec.McpStreamableServerSession$McpStreamableServerSessionStream",
        "io.modelcontextprotocol.server.DefaultMcpStatelessServerHandler");
  }

  @Override
  public void transform(TypeTransformer transformer) {
    String name = getClass().getName();
    transformer.applyAdviceToMethod(
        named("handleIncomingRequest").and(takesArgument(0, named(REQUEST))),
        name + "$RequestAdvice");
    transformer.applyAdviceToMethod(
        named("handleIncomingNotification")
            .or(named("accept"))
            .and(takesArgument(0, named(NOTIFICATION))),
        name + "$NotificationAdvice");
    // From 1.0 on streams answer, and the method with two arguments uses the one with one.
    ElementMatcher.Junction<MethodDescription> opens =
        named("responseStream").and(takesArguments(1)).and(takesArgument(0, named(TRANSPORT)));
    transformer.applyAdviceToMethod(opens, name + "$OpeningAdvice");
    transformer.applyAdviceToMethod(
        named("handle").and(takesArguments(1)).and(takesArgument(0, named(REQUEST))),
        name + "$HandlingAdvice");
    transformer.applyAdviceToMethod(
        named("responseStream")
            .and(takesArguments(2))
            .and(takesArgument(0, named(REQUEST)))
            .and(takesArgument(1, named(TRANSPORT)))
            .and(isDeclaredBy(not(declaresMethod(opens)))),
        name + "$StreamAdvice");
    transformer.applyAdviceToMethod(
        named("handleRequest").and(takesArguments(2)).and(takesArgument(1, named(REQUEST))),
        name + "$StatelessRequestAdvice");
    transformer.applyAdviceToMethod(
        named("handleNotification")
            .and(takesArguments(2))
            .and(takesArgument(1, named(NOTIFICATION))),
        name + "$StatelessNotificationAdvice");
  }

  @SuppressWarnings("unused")
  public static class RequestAdvice {
    @AssignReturned.ToReturned
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static @Nullable Mono<?> exit(
        @Advice.This Object session,
        @Advice.Argument(0) @Nullable JSONRPCRequest request,
        @Advice.Return @Nullable Mono<?> answer) {
      return McpMessages.requestReceived(session, request, answer);
    }
  }

  @SuppressWarnings("unused")
  public static class NotificationAdvice {
    @AssignReturned.ToReturned
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static @Nullable Mono<?> exit(
        @Advice.This Object session,
        @Advice.Argument(0) @Nullable JSONRPCNotification notification,
        @Advice.Return @Nullable Mono<?> handled) {
      return McpMessages.notificationReceived(session, notification, handled);
    }
  }

  @SuppressWarnings("unused")
  public static class OpeningAdvice {
    @AssignReturned.ToArguments(@ToArgument(0))
    @Advice.OnMethodEnter(suppress = Throwable.class, inline = false)
    public static @Nullable McpStreamableServerTransport enter(
        @Advice.Argument(0) @Nullable McpStreamableServerTransport transport) {
      return transport == null ? null : McpMessages.streamOpens(transport);
    }
  }

  @SuppressWarnings("unused")
  public static class HandlingAdvice {
    @AssignReturned.ToReturned
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static @Nullable Mono<?> exit(
        @Advice.This Object stream,
        @Advice.FieldValue("connection") @Nullable Object transport,
        @Advice.Argument(0) @Nullable JSONRPCRequest request,
        @Advice.Return @Nullable Mono<?> answered) {
      return McpMessages.streamHandles(stream, transport, request, answered);
    }
  }

  /** The answer is seen by whom it is given to. */
  @SuppressWarnings("unused")
  public static class StreamAdvice {
    @AssignReturned.ToArguments(@ToArgument(value = 1, index = Begun.PARAMETERS))
    @Advice.OnMethodEnter(suppress = Throwable.class, inline = false)
    public static Object @Nullable [] enter(
        @Advice.Argument(0) @Nullable JSONRPCRequest request,
        @Advice.Argument(1) @Nullable McpStreamableServerTransport transport) {
      return McpMessages.streamBegins(request, transport);
    }

    @AssignReturned.ToReturned
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static @Nullable Mono<?> exit(
        @Advice.This Object session,
        @Advice.Argument(0) @Nullable JSONRPCRequest request,
        @Advice.Enter Object @Nullable [] begun,
        @Advice.Return @Nullable Mono<?> answered) {
      return McpMessages.streamMade(session, request, begun, answered);
    }
  }

  @SuppressWarnings("unused")
  public static class StatelessRequestAdvice {
    @AssignReturned.ToReturned
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static @Nullable Mono<?> exit(
        @Advice.This Object handler,
        @Advice.Argument(1) @Nullable JSONRPCRequest request,
        @Advice.Return @Nullable Mono<?> answer) {
      return McpMessages.requestReceived(handler, request, answer);
    }
  }

  @SuppressWarnings("unused")
  public static class StatelessNotificationAdvice {
    @AssignReturned.ToReturned
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static @Nullable Mono<?> exit(
        @Advice.This Object handler,
        @Advice.Argument(1) @Nullable JSONRPCNotification notification,
        @Advice.Return @Nullable Mono<?> handled) {
      return McpMessages.notificationReceived(handler, notification, handled);
    }
  }
}
