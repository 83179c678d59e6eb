package io.innerspan.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.innerspan.djl.fixtures.Batch;
import io.innerspan.djl.fixtures.ScriptedTransformer;
import io.innerspan.djl.fixtures.ScriptedTransformer.Outputs;
import io.innerspan.djl.fixtures.TestSignals;
import io.innerspan.djl.fixtures.Torch;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Reading;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.RowInputs;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.TransformerFixture;
import io.innerspan.testing.models.TransformerFixture.Head;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same signals of a model with the same weights, by every engine and every way into it: the
 * readings equal the reference.
 */
class EnginesTest {
  private static final HookPoint LAYER = new HookPoint("blocks.1.hook_normalized_resid_post");
  private static final HookPoint PREVIOUS = new HookPoint("blocks.0.hook_normalized_resid_post");
  private static final HookPoint LOGITS = new HookPoint("logits");

  @TempDir Path folder;

  static Stream<Arguments> models() {
    return Stream.of(Head.values())
        .flatMap(head -> Stream.of(ReadingWay.values()).map(way -> Arguments.of(head, way)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void readings_ofEverySignal_equalTheReference(Head head, ReadingWay way) throws Exception {
    TransformerFixture fixture = TransformerFixture.postNorm().withHead(head);
    List<Signal> signals =
        new ArrayList<>(TestSignals.ofActivations(TransformerFixture.WIDTH, LAYER, PREVIOUS));
    if (head != Head.NONE) {
      signals.addAll(TestSignals.ofLogits(LOGITS));
    }
    signals.addAll(TestSignals.ofPattern(way.pattern()));
    for (Batch batch :
        List.of(Batch.random(4, 9, 1), Batch.random(1, 1, 2), Batch.random(2, 40, 3))) {
      List<RowInputs> truth = truth(fixture, batch, way.pattern());
      Reading reading = way.read(fixture, signals, batch, folder);
      assertThat(reading.rows()).isEqualTo(batch.rows());
      assertThat(reading.layout().signals()).containsExactlyInAnyOrderElementsOf(signals);
      for (int row = 0; row < batch.rows(); row++) {
        assertThat((long) reading.tokens(row)).isEqualTo(Arrays.stream(batch.mask()[row]).sum());
        for (Signal signal : signals) {
          compare(reading, row, signal, ReferenceSignal.values(signal, truth.get(row)));
        }
      }
    }
  }

  private static void compare(Reading reading, int row, Signal signal, double[] reference) {
    int index = reading.layout().indexOf(signal.id());
    for (int column = 0; column < reference.length; column++) {
      double value = reading.value(row, index, column);
      assertThat(
              Double.isFinite(reference[column])
                  ? Tolerance.FP32.agrees(value, reference[column])
                  : Double.isNaN(value))
          .as(
              "row %d, %s.%s: expected %s, found %s",
              row, signal.id(), signal.columnNames().get(column), reference[column], value)
          .isTrue();
    }
  }

  /** What the plain model gives, row by row. */
  private List<RowInputs> truth(TransformerFixture fixture, Batch batch, HookPoint pattern)
      throws Exception {
    Path archive = new ScriptedTransformer(fixture, false, Outputs.TUPLE).write(folder, "truth");
    List<RowInputs> rows = new ArrayList<>();
    float[][][][] patterns =
        new OnnxTransformer(fixture).pattern(ReadingWay.ONNX_RUNTIME.pattern(), batch);
    try (Model model = Torch.load(archive);
        NDManager manager = Torch.manager()) {
      NDList outputs = Torch.forward(model.getBlock(), batch.inputs(manager));
      for (int row = 0; row < batch.rows(); row++) {
        RowInputs inputs = RowInputs.of().mask(batch.mask()[row]).ids(batch.ids()[row]);
        inputs.activation(PREVIOUS, Torch.row(outputs.get(1), row));
        inputs.activation(LAYER, Torch.row(outputs.get(2), row));
        inputs.attention(pattern, patterns[row]);
        if (fixture.head() == Head.CLASSIFIER) {
          inputs.logits(LOGITS, outputs.get(0).get(row).toFloatArray());
        } else if (fixture.head() == Head.MASKED_LM) {
          inputs.logits(LOGITS, Torch.row(outputs.get(0), row));
        }
        rows.add(inputs);
      }
    }
    return rows;
  }
}
