package io.innerspan.onnxruntime.javaagent;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.session.Bypass;
import io.innerspan.onnxruntime.session.ModelSource;
import io.innerspan.onnxruntime.session.ObservedSession;
import io.innerspan.onnxruntime.session.RecordedOptions;
import io.innerspan.onnxruntime.session.SessionOpener;
import io.opentelemetry.instrumentation.api.util.VirtualField;
import io.opentelemetry.javaagent.innerspan.bridge.InnerspanBridge;
import io.opentelemetry.javaagent.innerspan.bridge.ModelObserver;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the advice calls. A fault of ours is counted and leaves the application's call to itself;
 * what the application's own call throws is handed on.
 */
public final class Sessions {
  private static final VirtualField<OrtSession, ObservedSession> OBSERVED =
      VirtualField.find(OrtSession.class, ObservedSession.class);

  private static final @Nullable ModelObserver OBSERVER = InnerspanBridge.observer();

  /** Long enough for what a service does between two models, short to those who wait for scores. */
  private static final long QUIET_NANOS = 500_000_000;

  private static final BackgroundThread BACKGROUND = new BackgroundThread(QUIET_NANOS);

  private static final @Nullable SessionOpener OPENER =
      OBSERVER == null
          ? null
          : new SessionOpener(
              OBSERVER,
              BACKGROUND,
              BACKGROUND::whenQuiet,
              Path.of(System.getProperty("java.io.tmpdir")));

  /**
   * Opens a session in the application's stead.
   *
   * @return an {@link Outcome}, or null when the application's own call shall proceed
   */
  public static Object @Nullable [] open(
      OrtEnvironment environment, Object model, OrtSession.@Nullable SessionOptions options) {
    if (OPENER == null || OBSERVER == null || options == null || Bypass.active()) {
      return null;
    }
    ModelSource source;
    RecordedOptions recorded;
    Refusal refusal;
    try {
      source = source(model);
      if (source == null) {
        return null;
      }
      recorded = OptionCalls.of(options).snapshot();
      refusal = recorded.refusal(InnerspanBridge.anyExecutionProvider());
    } catch (Throwable fault) {
      OBSERVER.fault("open", fault);
      return null;
    }
    ObservedSession observed;
    BACKGROUND.opening();
    try {
      observed = OPENER.open(environment, source, options, recorded, refusal);
    } catch (Throwable failure) {
      return Outcome.failure(failure);
    } finally {
      BACKGROUND.opened();
    }
    OBSERVED.set(observed.session(), observed);
    return Outcome.value(observed.session());
  }

  private static @Nullable ModelSource source(Object model) {
    if (model instanceof String path) {
      return ModelSource.of(path);
    }
    if (model instanceof byte[] bytes) {
      return ModelSource.of(bytes);
    }
    if (model instanceof ByteBuffer buffer && buffer.isDirect() && buffer.hasRemaining()) {
      return ModelSource.of(buffer);
    }
    return null;
  }

  /**
   * Runs a session in the application's stead. A call with a null is left to ONNX Runtime, which
   * has its own words for it.
   *
   * @return an {@link Outcome}, or null when the application's own call shall proceed
   */
  public static Object @Nullable [] run(
      OrtSession session,
      @Nullable Map<String, OnnxTensor> inputs,
      @Nullable Set<String> requested,
      @Nullable Map<String, OnnxValue> pinned,
      OrtSession.@Nullable RunOptions options) {
    ObservedSession observed = observed(session);
    if (observed == null || inputs == null || requested == null) {
      return null;
    }
    try {
      return Outcome.value(observed.run(inputs, requested, pinned, options));
    } catch (Throwable failure) {
      return Outcome.failure(failure);
    }
  }

  /**
   * Asks a session in the application's stead.
   *
   * @param method the name of a method of {@code OrtSession} without parameters
   * @return an {@link Outcome}, or null when the application's own call shall proceed
   */
  public static Object @Nullable [] ask(OrtSession session, String method) {
    ObservedSession observed = observed(session);
    if (observed == null) {
      return null;
    }
    try {
      return Outcome.value(answer(observed, method));
    } catch (Throwable failure) {
      return Outcome.failure(failure);
    }
  }

  private static Object answer(ObservedSession observed, String method) throws OrtException {
    return switch (method) {
      case "getInputNames" -> observed.inputNames();
      case "getOutputNames" -> observed.outputNames();
      case "getNumInputs" -> observed.numInputs();
      case "getNumOutputs" -> observed.numOutputs();
      case "getInputInfo" -> observed.inputInfo();
      case "getOutputInfo" -> observed.outputInfo();
      case "getMetadata" -> observed.metadata();
      case "getProfilingStartTimeInNs" -> observed.profilingStart();
      case "endProfiling" -> observed.endProfiling();
      default -> throw new IllegalArgumentException("method: expected one that is advised");
    };
  }

  /**
   * The application is about to close a session.
   *
   * @return whether the session is closed already, and must not be closed again
   */
  public static boolean close(OrtSession session) {
    ObservedSession observed = Bypass.active() ? null : OBSERVED.get(session);
    return observed != null && observed.close();
  }

  private static @Nullable ObservedSession observed(OrtSession session) {
    if (Bypass.active()) {
      return null;
    }
    ObservedSession observed = OBSERVED.get(session);
    return observed == null || observed.closed() ? null : observed;
  }

  private Sessions() {}
}
