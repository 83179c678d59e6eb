package io.innerspan.djl.javaagent;

import ai.djl.ndarray.NDList;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.torchscript.RewrittenScript;
import io.innerspan.djl.torchscript.ScriptCapture;
import io.innerspan.djl.torchscript.ScriptTrial;
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
  private final ScriptTrial trial;
  private final MethodHandle forward;
  private final boolean alwaysReads;
  private volatile boolean failed;

  /**
   * @param module of the engine's own class, loaded from the rewritten archive
   */
  ScriptRunner(RewrittenScript script, Object module) throws ReflectiveOperationException {
    this.capture = new ScriptCapture(script);
    this.trial = new ScriptTrial(script);
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

    /** The run with the reading gave other outputs than the original. */
    void changed(String difference);

    /** A fault of our own, which the application does not notice. */
    void fault(Throwable fault);
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
    try {
      return trial.isOver()
          ? answer(module, inputs, prepared, openGates, listener)
          : tryOut(module, inputs, prepared, openGates, listener);
    } finally {
      capture.release(prepared);
    }
  }

  private Object[] answer(
      Object module, NDList inputs, NDList prepared, long openGates, Listener listener) {
    NDList outputs;
    try {
      outputs = (NDList) forward.invokeExact(module, prepared, false);
    } catch (Throwable failure) {
      return runOriginal(module, inputs, failure, listener);
    }
    try {
      CapturedReading reading = capture.finish(outputs, openGates);
      if (reading != null) {
        listener.read(reading);
      }
    } catch (Throwable fault) {
      listener.fault(fault);
    }
    return Outcome.value(outputs);
  }

  /** The original answers; the run with the reading is compared with it. */
  private Object[] tryOut(
      Object module, NDList inputs, NDList prepared, long openGates, Listener listener) {
    NDList outputs;
    try {
      outputs = (NDList) forward.invokeExact(module, inputs, false);
    } catch (Throwable applications) {
      return Outcome.failure(applications);
    }
    NDList captured;
    try {
      captured = (NDList) forward.invokeExact(module, prepared, false);
    } catch (Throwable failure) {
      failed = true;
      listener.failed(failure);
      return Outcome.value(outputs);
    }
    try (captured) {
      CapturedReading reading = compared(outputs, captured, openGates, listener);
      if (reading != null) {
        listener.read(reading);
      }
    } catch (Throwable fault) {
      listener.fault(fault);
    }
    return Outcome.value(outputs);
  }

  private @Nullable CapturedReading compared(
      NDList outputs, NDList captured, long openGates, Listener listener) {
    boolean same = false;
    try {
      CapturedReading reading = capture.finish(captured, openGates);
      String difference = trial.compare(outputs, captured);
      if (difference != null) {
        listener.changed(difference);
        return null;
      }
      same = true;
      return reading;
    } finally {
      if (!same) {
        failed = true; // Also where a fault of ours leaves it open: what is not known is not read.
      }
    }
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
