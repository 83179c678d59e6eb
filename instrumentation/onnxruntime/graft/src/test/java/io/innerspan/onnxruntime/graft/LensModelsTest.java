package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.LayerLens.Translator;
import io.innerspan.signals.Position;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.testing.models.Traits.OrtVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tail of every model that has one, at work on the output of its own last layer. */
class LensModelsTest {
  static List<SmallModel> models() throws ModelRefusedException {
    OrtVersion version = OrtVersion.of(OrtEnvironment.getEnvironment().getVersion());
    List<SmallModel> models = new ArrayList<>();
    for (SmallModel model : SmallModels.all()) {
      boolean runs =
          model.files().isEmpty()
              && !model.name().contains("inside")
              && model.traits().minOrt().compareTo(version) <= 0;
      // A last layer that a fused operator keeps to itself cannot be read.
      OnnxModel scanned = runs ? OnnxModelTest.scan(model.bytes()) : null;
      Tail tail = scanned == null ? null : scanned.tail();
      if (tail != null && scanned.resolve(new HookPoint(tail.start())) != null) {
        models.add(model);
      }
    }
    return models;
  }

  @ParameterizedTest
  @MethodSource("models")
  void values_lastLayer_isTheModelItself(SmallModel model) throws Exception {
    OnnxModel scanned = OnnxModelTest.scan(model.bytes());
    Tail tail = Objects.requireNonNull(scanned.tail());
    TapPoint last = Objects.requireNonNull(scanned.resolve(new HookPoint(tail.start())));
    int width = (int) last.width();
    float[] next = new float[width];
    // So small that it changes nothing, but not nothing: the tail is applied.
    next[0] = 1e-30f;
    Translator translator =
        new Translator(Floats.of("A", new float[width * width]), Floats.of("b", next));
    LayerLens lens =
        new LayerLens(
            "lens",
            List.of(last.hookPoint()),
            new HookPoint(tail.output()),
            Position.LAST,
            2,
            List.of(translator));
    Overlay overlay = OverlayCompiler.compile(scanned, List.of(lens), Set.of(), Gating.BY_COST);
    if (!overlay.refusals().isEmpty()) {
      assertThat(model.name()).matches("decoder-without-mask|encoder-decoder-.*");
      assertThat(overlay.refusals().get("lens").reason())
          .isEqualTo(SignalRefusal.Reason.NO_ATTENTION_MASK);
      return;
    }
    Map<String, OnnxTensor> feeds = new HashMap<>(DiscoveryTest.feeds(model));
    feeds.put(
        OverlayCompiler.GATES,
        OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), new boolean[] {true, true, true}));
    Ort.Output reading =
        Ort.run(Ort.concat(model.bytes(), overlay.bytes()), feeds).get(OverlayCompiler.READING);
    for (int row = 0; row < reading.shape()[0]; row++) {
      float[] values = reading.row(row)[0];
      assertThat(values[lens.rank(0)]).isZero();
      assertThat(values[lens.divergence(0)]).isCloseTo(0, within(1e-3f));
      assertThat(values[lens.entropy(0)]).isPositive();
    }
  }
}
