package io.innerspan.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.djl.fixtures.Batch;
import io.innerspan.onnxruntime.graft.Exposure;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Overlay;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A hand-built transformer in ONNX Runtime. */
final class OnnxTransformer {
  private final byte[] model;
  private final OnnxModel scanned;

  OnnxTransformer(TransformerFixture fixture) throws ModelRefusedException {
    model = fixture.bytes();
    scanned = OnnxModel.scan(ByteBuffer.wrap(model));
  }

  /** The graft's reading. */
  Reading read(List<Signal> signals, Batch batch) throws OrtException {
    Overlay overlay = OverlayCompiler.compile(scanned, signals, Set.of());
    assertThat(overlay.refusals()).isEmpty();
    float[] values = run(overlay.bytes(), OverlayCompiler.READING, batch);
    return new Reading(new ReadingLayout(overlay.signals()), values, batch.rows());
  }

  /** The pattern {@code [batch][heads][tokens][tokens]} of two heads. */
  float[][][][] pattern(HookPoint hookPoint, Batch batch) throws OrtException {
    Exposure exposure = OverlayCompiler.expose(scanned, List.of(hookPoint));
    assertThat(exposure.refusals()).isEmpty();
    String name = String.valueOf(exposure.outputs().get(hookPoint));
    FloatBuffer values = FloatBuffer.wrap(run(exposure.bytes(), name, batch));
    int tokens = batch.ids()[0].length;
    float[][][][] pattern = new float[batch.rows()][2][tokens][tokens];
    for (float[][][] heads : pattern) {
      for (float[][] head : heads) {
        for (float[] row : head) {
          values.get(row);
        }
      }
    }
    return pattern;
  }

  private float[] run(byte[] overlay, String output, Batch batch) throws OrtException {
    byte[] both =
        ByteBuffer.allocate(model.length + overlay.length).put(model).put(overlay).array();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(both);
        OnnxTensor ids = OnnxTensor.createTensor(environment, batch.ids());
        OnnxTensor mask = OnnxTensor.createTensor(environment, batch.mask());
        OrtSession.Result result =
            session.run(Map.of("input_ids", ids, "attention_mask", mask), Set.of(output))) {
      FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] floats = new float[values.remaining()];
      values.get(floats);
      return floats;
    }
  }
}
