package io.innerspan.workbench.certify;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.innerspan.onnxruntime.session.RecordedOptions;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the application opens its sessions.
 *
 * @param optimization the optimization level, or null for ONNX Runtime's default
 * @param intraOpThreads the threads within an operator, or null for the default
 * @param interOpThreads the threads among operators, or null for the default
 * @param entries configuration entries
 */
public record SessionSettings(
    @Nullable OptLevel optimization,
    @Nullable Integer intraOpThreads,
    @Nullable Integer interOpThreads,
    Map<String, String> entries) {
  public SessionSettings {
    entries = Map.copyOf(entries);
  }

  /**
   * The calls that the application makes.
   *
   * @throws OrtException if ONNX Runtime does not take a setting
   */
  public RecordedOptions record() throws OrtException {
    RecordedOptions recorded = new RecordedOptions();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      if (optimization != null) {
        call(recorded, options, "setOptimizationLevel", OptLevel.class, optimization);
      }
      if (intraOpThreads != null) {
        call(recorded, options, "setIntraOpNumThreads", int.class, intraOpThreads);
      }
      if (interOpThreads != null) {
        call(recorded, options, "setInterOpNumThreads", int.class, interOpThreads);
      }
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        Class<?>[] types = {String.class, String.class};
        Object[] arguments = {entry.getKey(), entry.getValue()};
        call(recorded, options, "addConfigEntry", types, arguments);
      }
    }
    return recorded;
  }

  private static void call(
      RecordedOptions recorded,
      OrtSession.SessionOptions options,
      String method,
      Class<?> type,
      Object argument)
      throws OrtException {
    call(recorded, options, method, new Class<?>[] {type}, new Object[] {argument});
  }

  /** Calls and records, so that what ONNX Runtime refuses is known before a model is opened. */
  private static void call(
      RecordedOptions recorded,
      OrtSession.SessionOptions options,
      String method,
      Class<?>[] types,
      Object[] arguments)
      throws OrtException {
    try {
      var found = OrtSession.SessionOptions.class.getMethod(method, types);
      found.invoke(options, arguments);
      recorded.add(found, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof OrtException refused) {
        throw refused;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
