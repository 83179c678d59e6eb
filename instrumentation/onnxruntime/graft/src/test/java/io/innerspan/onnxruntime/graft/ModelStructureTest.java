package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.GraphWriter;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelStructureTest {
  @Test
  void cache_ofEveryModel_isWhatTheScanFinds() throws Exception {
    List<String> withCache = new ArrayList<>();
    for (SmallModel model : SmallModels.all()) {
      ModelStructure structure = ModelStructure.of(ByteBuffer.wrap(model.bytes()));
      KvCache scanned = scanned(structure);
      assertThat(structure.cache()).as(model.name()).isEqualTo(scanned);
      if (scanned != null) {
        withCache.add(model.name());
      }
    }
    assertThat(withCache).contains("decoder-with-cache").doesNotContain("encoder-opset-18");
  }

  private static @Nullable KvCache scanned(ModelStructure structure) {
    try {
      return structure.scan().cache();
    } catch (ModelRefusedException e) {
      return null;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT, 4, true",
    "FLOAT16, 5, true",
    "FLOAT, 3, false",
    "FLOAT, 6, false",
    "FLOAT, 0, false",
    "INT64, 4, false",
    "INT32, 5, false",
  })
  void any_input_isToldByRankAndType(DataType type, int rank, boolean expected) throws Exception {
    GraphWriter graph = new GraphWriter("g", 17, DataType.FLOAT, 1, "");
    graph.input("ids", DataType.INT64, "batch", "tokens");
    String[] shape = new String[rank];
    Arrays.setAll(shape, axis -> axis % 2 == 0 ? "axis" + axis : "7");
    graph.input("past", type, shape);
    graph.input("states", DataType.FLOAT, "batch", "tokens", "8");
    assertThat(PastShapes.any(graph.model().toByteArray())).isEqualTo(expected);
  }

  @Test
  void any_inDamagedBytes_isRefused() {
    byte[] bytes = {7 << 3 | 2, 5, 11 << 3 | 2, 9, 0, 0, 0};
    assertThatThrownBy(() -> PastShapes.any(bytes))
        .isInstanceOf(ModelRefusedException.class)
        .hasMessageContaining("a field of 9 bytes where 3 remain");
  }
}
