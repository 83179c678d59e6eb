package io.innerspan.onnxruntime.graft;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.innerspan.signals.HookPoint;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A model with and without interventions, through the real runtime. */
record InterventionRuns(byte[] original, OnnxModel model, InterventionGraph graph, byte[] changed) {

  static InterventionRuns of(byte[] original, Site... sites) throws ModelRefusedException {
    OnnxModel model = OnnxModel.scan(ByteBuffer.wrap(original));
    InterventionGraph graph = InterventionCompiler.compile(model, List.of(sites));
    return new InterventionRuns(original, model, graph, graph.applyTo(original));
  }

  Ort.Outputs original(Map<String, OnnxTensor> feeds) throws OrtException {
    return Ort.run(original, feeds);
  }

  /** A run of the changed model, with what the interventions do to this run. */
  Ort.Outputs run(Map<String, OnnxTensor> feeds, Intervention... interventions)
      throws OrtException {
    return Ort.run(changed, with(feeds, interventions));
  }

  /** The original outputs and the activation at a hook point. */
  Ort.Output activation(Map<String, OnnxTensor> feeds, String hookPoint) throws OrtException {
    HookPoint point = new HookPoint(hookPoint);
    Exposure exposure = OverlayCompiler.expose(model, List.of(point));
    return Ort.run(Ort.concat(original, exposure.bytes()), feeds)
        .get(String.valueOf(exposure.outputs().get(point)));
  }

  /** The activation at a hook point of the changed model. */
  Ort.Output activation(
      Map<String, OnnxTensor> feeds, String hookPoint, Intervention... interventions)
      throws OrtException {
    HookPoint point = new HookPoint(hookPoint);
    Exposure exposure = OverlayCompiler.expose(model, List.of(point));
    return Ort.run(Ort.concat(changed, exposure.bytes()), with(feeds, interventions))
        .get(String.valueOf(exposure.outputs().get(point)));
  }

  private Map<String, OnnxTensor> with(Map<String, OnnxTensor> feeds, Intervention... interventions)
      throws OrtException {
    Map<String, OnnxTensor> all = new HashMap<>(feeds);
    for (Control control : graph.controls(List.of(interventions))) {
      FloatBuffer values = FloatBuffer.wrap(control.values());
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      all.put(control.input(), OnnxTensor.createTensor(environment, values, control.shape()));
    }
    return all;
  }
}
