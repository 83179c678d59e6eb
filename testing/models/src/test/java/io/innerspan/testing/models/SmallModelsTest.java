package io.innerspan.testing.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtEnvironment;
import io.innerspan.testing.models.Traits.OrtVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every model runs on the ONNX Runtime at hand exactly when it says so. */
class SmallModelsTest {
  private static final OrtVersion RUNTIME =
      OrtVersion.of(OrtEnvironment.getEnvironment().getVersion());

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
        model.pinned()
            ? List.of(model.anyShape())
            : List.of(
                ExampleShape.of(1, 1),
                ExampleShape.of(1, 6),
                ExampleShape.of(3, 7).withPadding(Padding.LEFT),
                ExampleShape.of(3, 7).withPadding(Padding.RIGHT).withPast(0));
    for (ExampleShape shape : shapes) {
      Map<String, Ort.Output> outputs = Ort.run(model, model.example(shape), folder);
      assertThat(outputs.keySet()).containsExactlyElementsOf(model.outputs());
      outputs.forEach(
          (name, output) -> {
            assertThat(output.shape()[0]).as(name).isEqualTo(shape.batch());
            for (float value : output.values()) {
              assertThat(value).as(name + " for " + shape).isFinite();
            }
          });
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("tooNew")
  void model_onAnOlderRuntime_doesNotRun(SmallModel model) {
    assertThatThrownBy(() -> Ort.run(model, model.example(model.anyShape()), folder))
        .isInstanceOf(ai.onnxruntime.OrtException.class);
  }

  @Test
  void names_areUnique() {
    assertThat(all()).extracting(SmallModel::name).doesNotHaveDuplicates();
  }

  @Test
  void bytes_ofTwoCalls_areEqual() {
    List<SmallModel> again = all();
    for (SmallModel model : all()) {
      SmallModel other = again.get(all().indexOf(model));
      assertThat(other.bytes()).isEqualTo(model.bytes());
    }
  }
}
