package io.innerspan.onnxruntime.session;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxModelMetadata;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a session tells of its model, kept for when the session itself is no more.
 *
 * @param inputNames the session's own set
 * @param outputNames the session's own set, by which it knows a run of all outputs
 * @param profilingStart in nanoseconds, as ONNX Runtime says it
 */
record SessionDescription(
    Set<String> inputNames,
    Set<String> outputNames,
    Map<String, NodeInfo> inputInfo,
    Map<String, NodeInfo> outputInfo,
    OnnxModelMetadata metadata,
    long profilingStart) {

  static SessionDescription of(OrtSession session) throws OrtException {
    return new SessionDescription(
        session.getInputNames(),
        session.getOutputNames(),
        session.getInputInfo(),
        session.getOutputInfo(),
        session.getMetadata(),
        session.getProfilingStartTimeInNs());
  }

  /** A map of the caller's own, as each call of the session gives one. */
  @Override
  public Map<String, NodeInfo> inputInfo() {
    return new LinkedHashMap<>(inputInfo);
  }

  /** A map of the caller's own, as each call of the session gives one. */
  @Override
  public Map<String, NodeInfo> outputInfo() {
    return new LinkedHashMap<>(outputInfo);
  }
}
