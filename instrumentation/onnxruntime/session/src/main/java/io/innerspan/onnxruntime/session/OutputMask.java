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
  private final String readingOutput;
  private final Set<String> allOutputs;
  private final Set<String> applicationOutputs;

  /** The names of a result of all outputs, which only reads them. */
  private final String[] allNames;

  /**
   * @param allOutputs the very set that the session passes to itself when no output is named
   * @param readingOutput the one among them that the application must not see
   */
  OutputMask(Set<String> allOutputs, String readingOutput) {
    this.readingOutput = readingOutput;
    this.allOutputs = allOutputs;
    this.applicationOutputs = new LinkedHashSet<>(allOutputs);
    applicationOutputs.remove(readingOutput);
    this.allNames = applicationOutputs.toArray(new String[0]);
  }

  Set<String> applicationOutputs() {
    return applicationOutputs;
  }

  /** Whether the original session would accept the call's outputs. */
  boolean accepts(RunCall call) {
    if (call.requested == allOutputs) {
      return call.pinned == null || call.pinned.isEmpty();
    }
    int total = call.requested.size() + (call.pinned == null ? 0 : call.pinned.size());
    return total > 0
        && total <= applicationOutputs.size()
        && applicationOutputs.containsAll(call.requested)
        && (call.pinned == null || applicationOutputs.containsAll(call.pinned.keySet()));
  }

  /** What the original session would be asked for. */
  Set<String> withoutReading(RunCall call) {
    return call.requested == allOutputs ? applicationOutputs : call.requested;
  }

  Set<String> withReading(RunCall call) {
    if (call.requested == allOutputs) {
      return allOutputs;
    }
    Set<String> names = new LinkedHashSet<>(call.requested);
    names.add(readingOutput);
    return names;
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
    String[] names = call.requested == allOutputs ? allNames : names(grafted, count);
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
