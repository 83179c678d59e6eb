package io.innerspan.onnxruntime.graft;

import static io.innerspan.testing.models.Attributes.integers;
import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.onnxruntime.graft.TapPoint.Layout;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.GraphWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayoutsTest {
  private final GraphWriter graph = new GraphWriter("g", 17, DataType.FLOAT, 1, "");

  private Layout of(String tensor) {
    GraphIndex index = new GraphIndex(graph.graph());
    return new Layouts(index, new Tensors(graph.graph(), index)).of(tensor);
  }

  private String image() {
    graph.input("x", DataType.FLOAT, "batch", "3", "8", "8");
    return graph.node("Conv", List.of("x", graph.weights(1, 5, 3, 3, 3)));
  }

  @Test
  void of_afterConvolution_hasChannels() {
    String relu = graph.node("Relu", List.of(image()));
    assertThat(of(relu)).isEqualTo(Layout.CHANNELS);
    assertThat(of(graph.node("Concat", List.of(relu, relu), integers("axis", 1))))
        .isEqualTo(Layout.CHANNELS);
  }

  @Test
  void of_pixels_hasChannels() {
    image();
    assertThat(of("x")).isEqualTo(Layout.CHANNELS);
  }

  @Test
  void of_flattenedImage_hasChannelsUntilTransposed() {
    String flat = graph.node("Reshape", List.of(image(), graph.longs(0, 5, -1)));
    assertThat(of(flat)).isEqualTo(Layout.CHANNELS);
    assertThat(of(graph.node("Transpose", List.of(flat), integers("perm", 0, 2, 1))))
        .isEqualTo(Layout.TOKENS);
  }

  @Test
  void of_signalAfterConvolution_hasChannels() {
    graph.input("x", DataType.FLOAT, "batch", "1", "samples");
    String frames = graph.node("Conv", List.of("x", graph.weights(1, 6, 1, 4)));
    String half =
        graph.node("Slice", List.of(frames, graph.longs(0), graph.longs(3), graph.longs(1)));
    assertThat(of(graph.node("Sqrt", List.of(half)))).isEqualTo(Layout.CHANNELS);
  }

  @Test
  void of_fourDimensionsOfHeads_areOther() {
    graph.input("x", DataType.FLOAT, "batch", "tokens", "8");
    String heads = graph.node("Reshape", List.of("x", graph.longs(0, 0, 2, 4)));
    assertThat(of(heads)).isEqualTo(Layout.OTHER);
    assertThat(of("x")).isEqualTo(Layout.TOKENS);
  }
}
