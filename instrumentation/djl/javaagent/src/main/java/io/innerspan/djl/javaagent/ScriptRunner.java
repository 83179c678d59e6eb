package io.innerspan.djl.javaagent;

import ai.djl.ndarray.NDList;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.torchscript.ScriptCapture;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Runs a TorchScript module so that it gives a reading beside its outputs. Names no type of the
 * PyTorch engine: applications on other engines do not have it. Thread-safe.
 */
final class ScriptRunner {
  private static final MethodType FORWARD =
      MethodType.methodType(NDList.class, Object.class, NDList.class, boolean.class);

  private final ScriptCapture capture;
  private final MethodHandle forward;
  private final boolean alwaysReads;
  private volatile boolean failed;

  /**
   * @param module of the engine's own class, loaded from the rewritten archive
   */
  ScriptRunner(ScriptCapture capture, Object module) throws ReflectiveOperationException {
    this.capture = capture;
    this.alwaysReads = WantedSignals.anyAlwaysOpen(capture.layout());
    Class<?> type = module.getClass();
    Method method =
        Class.forName("ai.djl.pytorch.jni.IValueUtils", true, type.getClassLoader())
            .getMethod("forward", type, NDList.class, boolean.class);
    this.forward = MethodHandles.publicLookup().unreflect(method).asType(FORWARD);
  }

  /** Whether there is anything to read. */
  boolean reads(long openGates) {
    return !failed && (openGates != 0 || alwaysReads);
  }

  /** Told what a run gave. */
  interface Listener {
    void read(CapturedReading reading);

    /** The run with the reading failed, and the original did not. */
    void failed(Throwable failure);
  }

  /**
   * Runs the module in the place of the engine.
   *
   * @param inputs neither changed nor closed
   * @return null when the engine must do it
   */
  Object @Nullable [] run(Object module, NDList inputs, long openGates, Listener listener) {
    NDList prepared = capture.prepare(inputs, openGates);
    if (prepared == null) {
      return null;
    }
    NDList outputs;
    try {
      outputs = (NDList) forward.invokeExact(module, prepared, false);
    } catch (Throwable failure) {
      return runOriginal(module, inputs, failure, listener);
    } finally {
      capture.release(prepared);
    }
    CapturedReading reading = capture.finish(outputs, openGates);
    if (reading != null) {
      listener.read(reading);
    }
    return Outcome.value(outputs);
  }

  /** Whose fault it is shows when the original has run. */
  private Object[] runOriginal(Object module, NDList inputs, Throwable failure, Listener listener) {
    try {
      NDList outputs = (NDList) forward.invokeExact(module, inputs, false);
      failed = true;
      listener.failed(failure);
      return Outcome.value(outputs);
    } catch (Throwable applications) {
      return Outcome.failure(applications);
    }
  }

  void close() {
    capture.close();
  }
}
