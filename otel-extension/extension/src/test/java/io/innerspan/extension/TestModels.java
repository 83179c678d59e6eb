package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.testing.models.TransformerFixture;

/** Models that are made of others. */
final class TestModels {
  /** The same model with other numbers in its large weights, as one that was trained further. */
  static byte[] sibling(TransformerFixture fixture) {
    ModelProto.Builder model = fixture.model().toBuilder();
    GraphProto.Builder graph = model.getGraphBuilder();
    int changed = 0;
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      byte[] weights = graph.getInitializer(i).getRawData().toByteArray();
      if (weights.length > 256) {
        weights[3] ^= 1;
        graph.getInitializerBuilder(i).setRawData(ByteString.copyFrom(weights));
        changed++;
      }
    }
    assertThat(changed).isPositive();
    return model.build().toByteArray();
  }

  private TestModels() {}
}
