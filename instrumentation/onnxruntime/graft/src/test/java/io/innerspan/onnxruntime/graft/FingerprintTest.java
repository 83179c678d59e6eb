package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.Tabular;
import io.innerspan.testing.models.TransformerFixture;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static String of(TransformerFixture fixture) throws ModelRefusedException {
    return OnnxModelTest.scan(fixture.bytes()).structure();
  }

  @Test
  void structure_always_is64LowercaseHexDigits() throws Exception {
    assertThat(of(TransformerFixture.postNorm())).matches("[0-9a-f]{64}");
  }

  @Test
  void structure_otherWeights_isTheSame() throws Exception {
    TransformerFixture fixture = TransformerFixture.postNorm();
    assertThat(fixture.withSeed(99).bytes()).isNotEqualTo(fixture.bytes());
    assertThat(of(fixture.withSeed(99))).isEqualTo(of(fixture));
  }

  @Test
  void structure_descriptiveFields_isTheSame() throws Exception {
    byte[] model = TransformerFixture.postNorm().bytes();
    // ModelProto.producer_name and doc_string.
    byte[] described = Ort.concat(model, new byte[] {2 << 3 | 2, 1, 'x', 6 << 3 | 2, 1, 'y'});
    assertThat(OnnxModelTest.scan(described).structure())
        .isEqualTo(OnnxModelTest.scan(model).structure());
  }

  @Test
  void structure_anyOtherGraph_differs() throws Exception {
    Set<String> seen = new HashSet<>();
    TransformerFixture fixture = TransformerFixture.postNorm();
    seen.add(of(fixture));
    seen.add(of(fixture.withLayers(1)));
    seen.add(of(fixture.withOpset(18)));
    seen.add(of(fixture.withMask(DataType.INT32)));
    seen.add(of(fixture.withMask(null)));
    seen.add(of(fixture.withType(DataType.FLOAT16)));
    seen.add(of(fixture.spelledOut(17)));
    seen.add(of(TransformerFixture.preNorm()));
    seen.add(OnnxModelTest.scan(Tabular.brainFloat().bytes()).structure());
    assertThat(seen).hasSize(9);
  }

  @Test
  void structure_otherTargetShape_differs() throws Exception {
    ModelProto model = TransformerFixture.postNorm().model();
    for (int i = 0; i < model.getGraph().getInitializerCount(); i++) {
      TensorProto tensor = model.getGraph().getInitializer(i);
      if (tensor.getDataType() == DataType.INT64.getNumber() && tensor.getDims(0) == 4) {
        ModelProto.Builder other = model.toBuilder();
        byte[] shape = tensor.getRawData().toByteArray();
        shape[16] = 4;
        shape[24] = 4;
        other.getGraphBuilder().getInitializerBuilder(i).setRawData(ByteString.copyFrom(shape));
        assertThat(OnnxModelTest.scan(other.build().toByteArray()).structure())
            .isNotEqualTo(OnnxModelTest.scan(model.toByteArray()).structure());
        return;
      }
    }
    throw new AssertionError("the fixture splits heads by a Reshape");
  }
}
