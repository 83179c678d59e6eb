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
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
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

  /** Columns that tell a place among several, which of two equal ones may depend on last bits. */
  private static final Pattern PLACE = Pattern.compile("(index|token|rank)$");

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
      List<RowInputs> truth = truth(fixture, batch, way.pattern(), 0);
      Reading reading = way.read(fixture, signals, batch, folder);
      assertThat(reading.rows()).isEqualTo(batch.rows());
      assertThat(reading.layout().signals()).containsExactlyInAnyOrderElementsOf(signals);
      for (int row = 0; row < batch.rows(); row++) {
        assertThat((long) reading.tokens(row)).isEqualTo(Arrays.stream(batch.mask()[row]).sum());
        for (Signal signal : signals) {
          double[] reference = ReferenceSignal.values(signal, truth.get(row));
          for (int column : differing(reading, row, signal, reference)) {
            assertThat(isTie(reading, fixture, batch, way.pattern(), row, signal, column))
                .as(
                    "row %d, %s.%s: expected %s, found %s",
                    row,
                    signal.id(),
                    signal.columnNames().get(column),
                    reference[column],
                    reading.value(row, reading.layout().indexOf(signal.id()), column))
                .isTrue();
          }
        }
      }
    }
  }

  private static int[] differing(Reading reading, int row, Signal signal, double[] reference) {
    int index = reading.layout().indexOf(signal.id());
    return IntStream.range(0, reference.length)
        .filter(
            column -> {
              double value = reading.value(row, index, column);
              return Double.isFinite(reference[column])
                  ? !Tolerance.FP32.agrees(value, reference[column])
                  : !Double.isNaN(value);
            })
        .toArray();
  }

  /** Whether a place among several changes with the last bits of the activations. */
  private boolean isTie(
      Reading reading,
      TransformerFixture fixture,
      Batch batch,
      HookPoint pattern,
      int row,
      Signal signal,
      int column)
      throws Exception {
    if (!PLACE.matcher(signal.columnNames().get(column)).find()) {
      return false;
    }
    double found = reading.value(row, reading.layout().indexOf(signal.id()), column);
    for (int seed = 1; seed <= 20; seed++) {
      RowInputs blurred = truth(fixture, batch, pattern, seed).get(row);
      if (ReferenceSignal.values(signal, blurred)[column] == found) {
        return true;
      }
    }
    return false;
  }

  /**
   * What the plain model gives, row by row.
   *
   * @param blur 0, or a seed by which the last bits of all values differ, as they do from one
   *     processor to another
   */
  private List<RowInputs> truth(
      TransformerFixture fixture, Batch batch, HookPoint pattern, long blur) throws Exception {
    Random random = new Random(blur);
    Path archive = new ScriptedTransformer(fixture, false, Outputs.TUPLE).write(folder, "truth");
    List<RowInputs> rows = new ArrayList<>();
    float[][][][] patterns =
        new OnnxTransformer(fixture).pattern(ReadingWay.ONNX_RUNTIME.pattern(), batch);
    try (Model model = Torch.load(archive);
        NDManager manager = Torch.manager()) {
      NDList outputs = Torch.forward(model.getBlock(), batch.inputs(manager));
      for (int row = 0; row < batch.rows(); row++) {
        RowInputs inputs = RowInputs.of().mask(batch.mask()[row]).ids(batch.ids()[row]);
        inputs.activation(PREVIOUS, blurred(Torch.row(outputs.get(1), row), blur, random));
        inputs.activation(LAYER, blurred(Torch.row(outputs.get(2), row), blur, random));
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

  private static float[][] blurred(float[][] values, long blur, Random random) {
    if (blur != 0) {
      for (float[] token : values) {
        for (int i = 0; i < token.length; i++) {
          token[i] *= 1 + 1e-6f * (float) random.nextGaussian();
        }
      }
    }
    return values;
  }
}
