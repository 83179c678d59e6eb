package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.opentelemetry.javaagent.innerspan.bridge.GraftOverlay;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session on a grafted model, and the gates of its signals.
 *
 * @param session the session
 * @param gates which have no input when no signal can be switched off
 */
record GraftedSession(OrtSession session, GateInputs gates) {
  static GraftedSession of(OrtEnvironment environment, OrtSession session, GraftOverlay overlay) {
    return new GraftedSession(session, new GateInputs(environment, overlay));
  }

  OrtSession.Result run(
      Map<String, OnnxTensor> inputs,
      long openGates,
      Set<String> requested,
      @Nullable Map<String, OnnxValue> pinned,
      OrtSession.@Nullable RunOptions options)
      throws OrtException {
    if (!gates.present()) {
      return OrtApi.run(session, inputs, requested, pinned, options);
    }
    GateInputs.Combination open = gates.use(openGates);
    try {
      return OrtApi.run(session, open.with(inputs), requested, pinned, options);
    } finally {
      open.release();
    }
  }

  /** Runs the session with all outputs, the reading among them. */
  OrtSession.Result run(Map<String, OnnxTensor> inputs, long openGates) throws OrtException {
    if (!gates.present()) {
      return session.run(inputs);
    }
    GateInputs.Combination open = gates.use(openGates);
    try {
      return session.run(open.with(inputs));
    } finally {
      open.release();
    }
  }

  /** Frees the gates; the session is closed by whom it belongs to. */
  void release() {
    gates.close();
  }
}
