package io.innerspan.testing.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.testing.models.Traits.OrtVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every model runs on the ONNX Runtime at hand exactly when it says so. */
class SmallModelsTest {
  static final OrtVersion RUNTIME = OrtVersion.of(runtime());

  /** By its jar: the oldest version does not say which it is. */
  private static String runtime() {
    String jar = OrtEnvironment.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return jar.substring(jar.lastIndexOf('-') + 1, jar.length() - ".jar".length());
  }

  @TempDir Path folder;

  static List<SmallModel> all() {
    return SmallModels.all();
  }

  static List<SmallModel> running() {
    return SmallModels.where(model -> model.traits().minOrt().compareTo(RUNTIME) <= 0);
  }

  static List<SmallModel> tooNew() {
    return SmallModels.where(model -> model.traits().minOrt().compareTo(RUNTIME) > 0);
  }

  @ParameterizedTest
  @MethodSource("running")
  void example_ofAnyShape_runsToFiniteOutputs(SmallModel model) throws Exception {
    List<ExampleShape> shapes =
        Stream.of(
                ExampleShape.of(1, 1),
                ExampleShape.of(1, 6),
                ExampleShape.of(3, 1),
                ExampleShape.of(3, 7).withPadding(Padding.LEFT),
                ExampleShape.of(3, 7).withPadding(Padding.RIGHT).withPast(0),
                model.anyShape())
            .filter(model::accepts)
            .filter(shape -> shape.past() > 0 || !model.hasCache() || takesEmptyTensors())
            .toList();
    assertThat(shapes).isNotEmpty();
    try (OrtSession session = Ort.open(model, folder)) {
      for (ExampleShape shape : shapes) {
        check(model, shape, Ort.run(session, model.example(shape)));
      }
    }
  }

  static boolean takesEmptyTensors() {
    return RUNTIME != OrtVersion.V1_12_1;
  }

  private static void check(SmallModel model, ExampleShape shape, Map<String, Ort.Output> outputs) {
    assertThat(outputs.keySet()).containsExactlyElementsOf(model.outputs());
    outputs.forEach(
        (name, output) -> {
          assertThat(output.shape()[0]).as(name).isEqualTo(shape.batch());
          for (float value : output.values()) {
            assertThat(value).as(name + " for " + shape).isFinite();
          }
        });
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("tooNew")
  void model_onAnOlderRuntime_doesNotRun(SmallModel model) {
    Map<String, ExampleTensor> example = model.example(model.anyShape());
    assertThatThrownBy(() -> Ort.run(model, example, folder)).isInstanceOf(OrtException.class);
  }

  @Test
  void names_areUnique() {
    assertThat(all()).extracting(SmallModel::name).doesNotHaveDuplicates();
  }

  @Test
  void bytes_ofTwoCalls_areEqual() {
    List<SmallModel> again = all();
    int index = 0;
    for (SmallModel model : all()) {
      assertThat(again.get(index++).bytes()).as(model.name()).isEqualTo(model.bytes());
    }
  }

  @Test
  void hooks_nameTensorsOfTheGraph() {
    for (SmallModel model : all()) {
      Set<String> tensors =
          model.model().getGraph().getNodeList().stream()
              .flatMap(node -> node.getOutputList().stream())
              .collect(Collectors.toSet());
      assertThat(tensors).as(model.name()).containsAll(model.hooks().values());
    }
  }

  @Test
  void example_ofAnotherShapeThanPinned_saysWhichIsExpected() {
    SmallModel model = SmallModels.named("encoder-pinned-3x8");
    assertThat(model.accepts(ExampleShape.of(3, 9))).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.example(3, 9))
        .withMessageContaining("input_ids, axis 1: expected 8 as in the model, found 9");
  }
}
