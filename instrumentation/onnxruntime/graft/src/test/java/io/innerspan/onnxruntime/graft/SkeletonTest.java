package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.StringStringEntryProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SkeletonTest {
  private static final byte[] MODEL = TransformerFixture.postNorm().bytes();

  @Test
  void skeleton_refersToLargeWeightsWhereTheyLie_andKeepsTheRest() throws Exception {
    byte[] skeleton = Skeleton.of(ByteBuffer.wrap(MODEL), "model.onnx");
    ModelProto original = ModelProto.parseFrom(MODEL);
    ModelProto.Builder restored = ModelProto.parseFrom(skeleton).toBuilder();
    int external = 0;
    for (TensorProto.Builder tensor : restored.getGraphBuilder().getInitializerBuilderList()) {
      if (tensor.getDataLocation() != TensorProto.DataLocation.EXTERNAL) {
        continue;
      }
      external++;
      Map<String, String> entries =
          tensor.getExternalDataList().stream()
              .collect(
                  Collectors.toMap(
                      StringStringEntryProto::getKey, StringStringEntryProto::getValue));
      assertThat(entries).containsOnlyKeys("location", "offset", "length");
      assertThat(entries).containsEntry("location", "model.onnx");
      int offset = Integer.parseInt(entries.get("offset"));
      int length = Integer.parseInt(entries.get("length"));
      tensor.setRawData(ByteString.copyFrom(MODEL, offset, length));
      tensor.clearExternalData().clearDataLocation();
    }
    assertThat(external).isPositive();
    assertThat(restored.build()).isEqualTo(original);
    assertThat(skeleton.length).isLessThan(MODEL.length);
  }

  @Test
  void skeleton_ofAnyBytes_isMadeOrRefused() throws Exception {
    Random random = new Random(20_261_121);
    int made = 0;
    for (int round = 0; round < 5_000; round++) {
      byte[] bytes =
          Arrays.copyOf(MODEL, random.nextInt(10) == 0 ? 1 + random.nextInt(600) : 2_000);
      for (int i = random.nextInt(4); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        Skeleton.of(ByteBuffer.wrap(bytes), "model.onnx");
        made++;
      } catch (ModelRefusedException e) {
        assertThat(e).hasMessageContaining("not an ONNX model");
      }
    }
    assertThat(made).isLessThan(5_000);
  }

  @Test
  void skeleton_ofATruncatedModel_isRefused() {
    assertThatThrownBy(() -> Skeleton.of(ByteBuffer.wrap(MODEL, 0, MODEL.length - 1), "model.onnx"))
        .isInstanceOf(ModelRefusedException.class);
  }
}
