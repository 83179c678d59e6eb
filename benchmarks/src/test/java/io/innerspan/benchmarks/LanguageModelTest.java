package io.innerspan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import io.innerspan.benchmarks.application.MiniLm;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Overlay;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageModelTest {
  private static final int LAST_LAYER = 5;
  private static final int VOCABULARY = 30_522;

  @TempDir Path folder;

  @Test
  void lenses_areCompiled_andTheLogitLensOfTheLastLayerIsTheAnswer() throws Exception {
    Path model = LanguageModel.write(miniLm(), folder);
    List<Signal> signals = new ArrayList<>(RandomSignals.of(SignalSet.LENS));
    signals.addAll(RandomSignals.of(SignalSet.TUNED_LENS));
    Overlay overlay = OverlayCompiler.compile(OnnxModel.scan(model), signals, Set.of());
    assertThat(overlay.refusals()).isEmpty();
    Files.write(model, overlay.bytes(), StandardOpenOption.APPEND);
    Map<String, OnnxTensor> inputs = MiniLm.inputs(1, 7, 1);
    try (OrtSession session = MiniLm.open(model.toString());
        OrtSession.Result result = session.run(inputs)) {
      float[] logits = last(((float[][][]) result.get(LanguageModel.LOGITS).get().getValue())[0]);
      float[] reading = ((float[][]) result.get(overlay.readingOutput()).get().getValue())[0];
      ReadingLayout layout =
          new ReadingLayout(overlay.signals(), overlay.gates(), overlay.standingGates());
      LayerLens lens = (LayerLens) signals.get(0);
      int first = firstColumn(layout, lens.id());
      assertThat(logits).hasSize(VOCABULARY);
      assertThat(reading[first + lens.answer(LAST_LAYER, 0)]).isEqualTo(largest(logits));
      assertThat(reading[first + lens.rank(LAST_LAYER)]).isZero();
      assertThat(reading[first + lens.divergence(LAST_LAYER)]).isCloseTo(0, within(1e-5f));
      LayerLens tuned = (LayerLens) signals.get(1);
      int other = firstColumn(layout, tuned.id());
      assertThat(reading[other + tuned.divergence(LAST_LAYER)]).isGreaterThan(1e-3f);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  @Test
  void lenses_areMeasuredOnThisModelAlone() {
    assertThat(RandomSignals.of(SignalSet.ALL)).noneMatch(LayerLens.class::isInstance);
    assertThat(Configuration.OF_SIGNALS).doesNotContainAnyElementsOf(lenses());
    assertThat(Configuration.OF_LENSES)
        .containsAll(lenses())
        .contains(Configuration.UNREAD, Configuration.UNREAD_AA)
        .hasSize(4);
  }

  private static List<Configuration> lenses() {
    return List.of(Configuration.LENS, Configuration.TUNED_LENS);
  }

  private Path miniLm() throws Exception {
    Path file = folder.resolve("model.onnx");
    try (InputStream in = getClass().getResourceAsStream("/all-minilm-l6-v2.onnx")) {
      Files.copy(in, file);
    }
    return file;
  }

  private static int firstColumn(ReadingLayout layout, String id) {
    for (int i = 0; i < layout.size(); i++) {
      if (layout.signal(i).id().equals(id)) {
        return layout.firstColumn(i);
      }
    }
    throw new AssertionError("no reading of " + id);
  }

  private static float[] last(float[][] tokens) {
    return tokens[tokens.length - 1];
  }

  private static float largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
