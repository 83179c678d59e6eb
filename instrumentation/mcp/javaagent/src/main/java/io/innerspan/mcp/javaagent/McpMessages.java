package io.innerspan.mcp.javaagent;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import io.opentelemetry.javaagent.innerspan.bridge.InnerspanBridge;
import io.opentelemetry.javaagent.innerspan.bridge.McpCall;
import io.opentelemetry.javaagent.innerspan.bridge.McpObserver;
import io.opentelemetry.javaagent.innerspan.bridge.McpOutcome;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What the advice calls. Whatever fails here leaves the SDK's own arguments and results. */
public final class McpMessages {
  private static final @Nullable McpObserver OBSERVER = InnerspanBridge.mcp();

  /** The request that this thread is about to send: the SDK makes its id meanwhile. */
  private static final ThreadLocal<@Nullable SentRequest> SENDING = new ThreadLocal<>();

  /**
   * A session is to send a request.
   *
   * @return the parameters to send, and what to tell {@link #requestMade}
   */
  public static Object @Nullable [] requestBegins(
      Object session, @Nullable String method, @Nullable Object parameters) {
    if (OBSERVER == null || method == null || delegates(session)) {
      return null;
    }
    try {
      SentRequest request = new SentRequest(OBSERVER, session, method, parameters);
      SENDING.set(request);
      return begun(request.parameters(), request);
    } catch (Throwable fault) {
      return fault(fault);
    }
  }

  /** A session has made its publisher of the answer. */
  public static @Nullable Mono<?> requestMade(Object @Nullable [] begun, @Nullable Mono<?> answer) {
    if (begun == null) {
      return answer;
    }
    SENDING.remove();
    return answer == null ? null : new ObservedMono<>(answer, (SentRequest) begun[Begun.CALL]);
  }

  /** A session has made an id. */
  public static void idGenerated(@Nullable String id) {
    SentRequest request = SENDING.get();
    if (request != null && id != null) {
      request.id(id);
    }
  }

  /**
   * A session is to send a notification, which some transports do at once.
   *
   * @return the parameters to send, and what to tell {@link #notificationMade}
   */
  public static Object @Nullable [] notificationBegins(
      Object session, @Nullable String method, @Nullable Object parameters) {
    if (OBSERVER == null || method == null || delegates(session)) {
      return null;
    }
    try {
      SentNotification notification = new SentNotification(OBSERVER, session, method, parameters);
      return begun(notification.parameters(), notification);
    } catch (Throwable fault) {
      return fault(fault);
    }
  }

  /** A session has made its publisher of the end of sending. */
  public static @Nullable Mono<?> notificationMade(
      Object @Nullable [] begun, @Nullable Mono<?> sent, @Nullable Throwable failure) {
    if (begun == null) {
      return sent;
    }
    SentNotification notification = (SentNotification) begun[Begun.CALL];
    notification.made();
    if (sent == null) {
      notification.call().end(failure == null ? McpOutcome.DONE : McpOutcome.failed(failure));
      return null;
    }
    return new ObservedMono<>(sent, notification);
  }

  /** A request is to be answered by the publisher. */
  public static @Nullable Mono<?> requestReceived(
      Object session, @Nullable JSONRPCRequest request, @Nullable Mono<?> answer) {
    if (OBSERVER == null || request == null || answer == null) {
      return answer;
    }
    return new ObservedMono<>(
        answer,
        new Received(OBSERVER, session, request.method(), request.id(), request.params(), null));
  }

  /** A notification is to be handled by the publisher. */
  public static @Nullable Mono<?> notificationReceived(
      Object session, @Nullable JSONRPCNotification notification, @Nullable Mono<?> handled) {
    if (OBSERVER == null || notification == null || handled == null) {
      return handled;
    }
    return new ObservedMono<>(
        handled,
        new Received(OBSERVER, session, notification.method(), null, notification.params(), null));
  }

  /**
   * A request is to be answered through a transport of its own.
   *
   * @return the transport to use, and what to tell {@link #streamMade}
   */
  public static Object @Nullable [] streamBegins(
      @Nullable JSONRPCRequest request, @Nullable McpStreamableServerTransport transport) {
    if (OBSERVER == null || request == null || transport == null) {
      return null;
    }
    try {
      SeenAnswer answer = new SeenAnswer(transport);
      answer.await(request.id());
      return begun(answer.transport(), answer);
    } catch (Throwable fault) {
      return fault(fault);
    }
  }

  /** A stream is to answer a request through a transport: the one to use. */
  public static McpStreamableServerTransport streamOpens(McpStreamableServerTransport transport) {
    return OBSERVER == null ? transport : new SeenAnswer(transport).transport();
  }

  /**
   * A stream answers a request.
   *
   * @param transport through which it does
   */
  public static @Nullable Mono<?> streamHandles(
      Object stream,
      @Nullable Object transport,
      @Nullable JSONRPCRequest request,
      @Nullable Mono<?> answered) {
    if (OBSERVER == null || request == null || answered == null) {
      return answered;
    }
    SeenAnswer seen = SeenAnswer.of(transport);
    if (seen != null) {
      seen.await(request.id());
    }
    return new ObservedMono<>(
        answered,
        new Received(OBSERVER, stream, request.method(), request.id(), request.params(), seen));
  }

  /** The publisher of the end of answering is made. */
  public static @Nullable Mono<?> streamMade(
      Object session,
      @Nullable JSONRPCRequest request,
      Object @Nullable [] begun,
      @Nullable Mono<?> answered) {
    if (OBSERVER == null || request == null || begun == null || answered == null) {
      return answered;
    }
    return new ObservedMono<>(
        answered,
        new Received(
            OBSERVER,
            session,
            request.method(),
            request.id(),
            request.params(),
            (SeenAnswer) begun[Begun.CALL]));
  }

  /** Such a session sends through a stream, which is observed. */
  private static boolean delegates(Object session) {
    return session instanceof io.modelcontextprotocol.spec.McpStreamableServerSession;
  }

  @SuppressWarnings("NullAway") // Parameters may be null, as they were.
  private static Object[] begun(@Nullable Object parameters, Object call) {
    return new Object[] {parameters, call};
  }

  /** Counted; without it a fault in advice would be silent. */
  static Object @Nullable [] fault(Throwable fault) {
    if (OBSERVER != null) {
      OBSERVER.fault("mcp", fault);
    }
    return null;
  }

  /** A message under way: its span begins with the subscription, unless it has begun before. */
  interface Exchange {
    McpCall begin();

    /** How it ended, by what the publisher gave last. */
    McpOutcome outcome(@Nullable Object answer);
  }

  private McpMessages() {}
}
