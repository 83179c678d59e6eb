package io.innerspan.onnxruntime.javaagent;

import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.session.Bypass;
import io.innerspan.onnxruntime.session.RecordedOptions;
import io.opentelemetry.instrumentation.api.util.VirtualField;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** The recorded calls of each session options object. */
public final class OptionCalls {
  private static final VirtualField<OrtSession.SessionOptions, RecordedOptions> RECORDED =
      VirtualField.find(OrtSession.SessionOptions.class, RecordedOptions.class);

  /** How deep a thread is in setters that call each other: only the outermost is recorded. */
  private static final ThreadLocal<Integer> DEPTH = ThreadLocal.withInitial(() -> 0);

  /** A setter begins. */
  public static void enter() {
    DEPTH.set(DEPTH.get() + 1);
  }

  /** A setter ends. */
  public static void exit(
      OrtSession.SessionOptions options,
      Method method,
      Object[] arguments,
      @Nullable Throwable failure) {
    int depth = DEPTH.get() - 1;
    if (depth > 0) {
      DEPTH.set(depth);
      return;
    }
    DEPTH.remove();
    if (failure == null && !Bypass.active()) {
      of(options).add(method, arguments);
    }
  }

  /** The calls recorded so far. */
  static RecordedOptions of(OrtSession.SessionOptions options) {
    synchronized (options) {
      RecordedOptions recorded = RECORDED.get(options);
      if (recorded == null) {
        recorded = new RecordedOptions();
        RECORDED.set(options, recorded);
      }
      return recorded;
    }
  }

  private OptionCalls() {}
}
