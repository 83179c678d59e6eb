package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Adds the reading's output to what is asked of a grafted session, and takes it out of what comes
 * back.
 */
final class OutputMask {
  private final Set<String> applicationOutputs;
  private final String readingOutput;

  /** The reading comes last. */
  private final Set<String> allOutputs;

  /** The names of a result of all outputs, which only reads them. */
  private final String[] allNames;

  /**
   * @param applicationOutputs the very set that the application's session passes to itself when no
   *     output is named
   * @param readingOutput what the graft has beside them
   */
  OutputMask(Set<String> applicationOutputs, String readingOutput) {
    this.applicationOutputs = applicationOutputs;
    this.readingOutput = readingOutput;
    this.allOutputs = with(applicationOutputs);
    this.allNames = applicationOutputs.toArray(new String[0]);
  }

  private Set<String> with(Set<String> outputs) {
    Set<String> names = new LinkedHashSet<>(outputs);
    names.add(readingOutput);
    return names;
  }

  Set<String> applicationOutputs() {
    return applicationOutputs;
  }

  /** Whether the original session would accept the call's outputs. */
  boolean accepts(RunCall call) {
    if (call.requested == applicationOutputs) {
      return call.pinned == null || call.pinned.isEmpty();
    }
    int total = call.requested.size() + (call.pinned == null ? 0 : call.pinned.size());
    return total > 0
        && total <= applicationOutputs.size()
        && applicationOutputs.containsAll(call.requested)
        && (call.pinned == null || applicationOutputs.containsAll(call.pinned.keySet()));
  }

  Set<String> withReading(RunCall call) {
    return call.requested == applicationOutputs ? allOutputs : with(call.requested);
  }

  /** A grafted session's exception without our output, the last of those that it lists. */
  OrtException hide(OrtException failure) {
    String message = failure.getMessage();
    String listed = ", " + readingOutput + "]";
    if (message == null || !message.contains(listed)) {
      return failure;
    }
    OrtException hidden = new OrtException(message.replace(listed, "]"));
    hidden.setStackTrace(failure.getStackTrace());
    return hidden;
  }

  /**
   * Moves the reading, which was asked for last, from the result into the call. When this throws,
   * nothing was closed: ONNX Runtime's older versions free a tensor twice that is closed twice.
   */
  OrtSession.Result split(OrtSession.Result grafted, RunCall call) {
    int count = grafted.size() - 1;
    OnnxTensor reading = (OnnxTensor) grafted.get(count);
    OnnxValue[] values = new OnnxValue[count];
    for (int i = 0; i < count; i++) {
      values[i] = grafted.get(i);
    }
    String[] names = call.requested == applicationOutputs ? allNames : names(grafted, count);
    OrtSession.Result result = OrtApi.newResult(names, values, owned(grafted, count));
    take(reading, call);
    return result;
  }

  private static String[] names(OrtSession.Result grafted, int count) {
    String[] names = new String[count];
    int i = 0;
    for (Map.Entry<String, OnnxValue> output : grafted) {
      if (i < count) {
        names[i++] = output.getKey();
      }
    }
    return names;
  }

  private static boolean[] owned(OrtSession.Result grafted, int count) {
    boolean[] owned = new boolean[count];
    for (int i = 0; i < count; i++) {
      owned[i] = OrtApi.isOwner(grafted, i);
    }
    return owned;
  }

  /** The application has its result already: what goes wrong from here on costs the reading. */
  private static void take(OnnxTensor reading, RunCall call) {
    try (reading) {
      int rows = Math.toIntExact(reading.getInfo().getShape()[0]);
      call.reading = reading.getFloatBuffer().array();
      call.rows = rows;
    } catch (Throwable fault) {
      call.reading = null;
      Faults.report("run", fault);
    }
  }
}
