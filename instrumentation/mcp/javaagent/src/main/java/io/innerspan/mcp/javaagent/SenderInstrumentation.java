package io.innerspan.mcp.javaagent;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.namedOneOf;
import static net.bytebuddy.matcher.ElementMatchers.returns;
import static net.bytebuddy.matcher.ElementMatchers.takesArgument;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;
import static net.bytebuddy.matcher.ElementMatchers.takesNoArguments;

import io.opentelemetry.javaagent.extension.instrumentation.TypeInstrumentation;
import io.opentelemetry.javaagent.extension.instrumentation.TypeTransformer;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.asm.Advice.AssignReturned;
import net.bytebuddy.asm.Advice.AssignReturned.ToArguments.ToArgument;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.matcher.ElementMatcher;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Observes what sessions send. Of a session over streamable HTTP, what its streams send: it sends
 * through them.
 */
final class SenderInstrumentation implements TypeInstrumentation {
  private static final String STREAM =
      "io.modelcontextprotocol.spec.McpStreamableServerSession$McpStreamableServerSessionStream";

  @Override
  public ElementMatcher<TypeDescription> typeMatcher() {
    return namedOneOf(
        "io.modelcontextprotocol.spec.McpClientSession",
        "io.modelcontextprotocol.spec.McpServerSession",
        "io.modelcontextprotocol.spec.McpStreamableServerSession",
        STREAM);
  }

  @Override
  public void transform(TypeTransformer transformer) {
    String name = getClass().getName();
    transformer.applyAdviceToMethod(
        named("sendRequest")
            .and(takesArguments(3))
            .and(takesArgument(0, String.class))
            .and(takesArgument(1, Object.class)),
        name + "$RequestAdvice");
    transformer.applyAdviceToMethod(
        named("sendNotification")
            .and(takesArguments(2))
            .and(takesArgument(0, String.class))
            .and(takesArgument(1, Object.class)),
        name + "$NotificationAdvice");
    transformer.applyAdviceToMethod(
        named("generateRequestId").and(takesNoArguments()).and(returns(String.class)),
        name + "$IdAdvice");
  }

  @SuppressWarnings("unused")
  public static class RequestAdvice {
    @AssignReturned.ToArguments(@ToArgument(value = 1, index = Begun.PARAMETERS))
    @Advice.OnMethodEnter(suppress = Throwable.class, inline = false)
    public static Object @Nullable [] enter(
        @Advice.This Object session,
        @Advice.Argument(0) @Nullable String method,
        @Advice.Argument(1) @Nullable Object parameters) {
      return McpMessages.requestBegins(session, method, parameters);
    }

    @AssignReturned.ToReturned
    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, inline = false)
    public static @Nullable Mono<?> exit(
        @Advice.Enter Object @Nullable [] begun, @Advice.Return @Nullable Mono<?> answer) {
      return McpMessages.requestMade(begun, answer);
    }
  }

  @SuppressWarnings("unused")
  public static class NotificationAdvice {
    @AssignReturned.ToArguments(@ToArgument(value = 1, index = Begun.PARAMETERS))
    @Advice.OnMethodEnter(suppress = Throwable.class, inline = false)
    public static Object @Nullable [] enter(
        @Advice.This Object session,
        @Advice.Argument(0) @Nullable String method,
        @Advice.Argument(1) @Nullable Object parameters) {
      return McpMessages.notificationBegins(session, method, parameters);
    }

    @AssignReturned.ToReturned
    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class, inline = false)
    public static @Nullable Mono<?> exit(
        @Advice.Enter Object @Nullable [] begun,
        @Advice.Return @Nullable Mono<?> sent,
        @Advice.Thrown @Nullable Throwable failure) {
      return McpMessages.notificationMade(begun, sent, failure);
    }
  }

  @SuppressWarnings("unused")
  public static class IdAdvice {
    @Advice.OnMethodExit(suppress = Throwable.class, inline = false)
    public static void exit(@Advice.Return @Nullable String id) {
      McpMessages.idGenerated(id);
    }
  }
}
