package io.innerspan.djl.outputs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.Gating;
import io.innerspan.djl.SignalRefusal.Reason;
import io.innerspan.djl.fixtures.Torch;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Position;
import io.innerspan.signals.Reading;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.RowInputs;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutputSignalsTest {
  private static final float[][] LOGITS = {{1, 3, -2}, {0.5f, 0.25f, 0}};

  private static final NDList NO_INPUTS = new NDList();

  private final NDManager manager = Torch.manager();

  @AfterEach
  void close() {
    manager.close();
  }

  private static OutputConfidence confidence(String id, String output) {
    return new OutputConfidence(id, new HookPoint(output), Position.FIRST, 2, null);
  }

  private static OutputSignals of(Signal... signals) {
    return OutputSignals.of(
        List.of(signals), Set.of(), Gating.none(), "closed", OutputForm.TENSORS);
  }

  @Test
  void read_logits_givesWhatTheReferenceSays() {
    OutputConfidence confidence = confidence("sure", "output");
    OutputSignals outputs = of(confidence);

    CapturedReading captured = outputs.read(NO_INPUTS, new NDList(manager.create(LOGITS)), -1);

    Reading reading = captured.reading(outputs.layout());
    assertThat(reading.rows()).isEqualTo(2);
    for (int row = 0; row < LOGITS.length; row++) {
      RowInputs inputs = RowInputs.of().logits(confidence.hookPoint(), LOGITS[row]);
      double[] expected = ReferenceSignal.values(confidence, inputs);
      for (int column = 0; column < expected.length; column++) {
        assertThat((double) reading.value(row, 0, column))
            .isCloseTo(expected[column], within(1e-6));
      }
    }
  }

  @Test
  void read_outputByPositionAndName_findsIt() {
    NDArray first = manager.create(new float[][] {{0, 0}});
    NDArray second = manager.create(LOGITS);
    second.setName("logits");
    for (String name : List.of("output/1", "logits", "output/logits")) {
      CapturedReading captured =
          of(confidence("sure", name)).read(NO_INPUTS, new NDList(first, second), -1);
      assertThat(captured.refusals()).as(name).isEmpty();
      assertThat(captured.rows()).as(name).isEqualTo(2);
    }
  }

  @Test
  void read_oneRowWithoutBatch_isARow() {
    CapturedReading captured =
        of(confidence("sure", "output")).read(NO_INPUTS, new NDList(manager.create(LOGITS[0])), -1);
    assertThat(captured.rows()).isEqualTo(1);
    assertThat(captured.refusals()).isEmpty();
  }

  @Test
  void read_oneValueForEachOfABatch_isNoRow() {
    NDList inputs = new NDList(manager.ones(new Shape(3, 5)));
    CapturedReading captured =
        of(confidence("sure", "output")).read(inputs, new NDList(manager.create(LOGITS[0])), -1);
    assertThat(captured.refusals().get("sure").detail()).contains("found float32(3)");
    NDList one = new NDList(manager.ones(new Shape(1, 5)));
    assertThat(
            of(confidence("sure", "output"))
                .read(one, new NDList(manager.create(LOGITS[0])), -1)
                .rows())
        .isEqualTo(1);
  }

  private CapturedReading flat(int batch, float... output) {
    return flat(confidence("sure", "output"), batch, output);
  }

  private CapturedReading flat(OutputConfidence confidence, int batch, float... output) {
    OutputSignals outputs =
        OutputSignals.of(
            List.of(confidence), Set.of(), Gating.none(), "closed", OutputForm.of("XGBoost"));
    NDList inputs = new NDList(manager.ones(new Shape(batch, 4)));
    return outputs.read(inputs, new NDList(manager.create(output)), -1);
  }

  @Test
  void read_flatOutput_isAsManyRowsAsTheBatch() {
    CapturedReading margins = flat(2, 1, 3, -2, 0.5f, 0.25f, 0);
    CapturedReading rows =
        of(confidence("sure", "output")).read(NO_INPUTS, new NDList(manager.create(LOGITS)), -1);
    assertThat(margins.rows()).isEqualTo(2);
    assertThat(margins.values()).isEqualTo(rows.values());
  }

  @Test
  void read_flatProbabilities_areNotPutThroughSoftmaxAgain() {
    OutputConfidence plain =
        new OutputConfidence("sure", new HookPoint("output"), Position.FIRST, 1, null);
    CapturedReading captured = flat(plain, 2, 0.7f, 0.2f, 0.1f, 0, 1, 0);
    int columns = captured.values().length / 2;
    assertThat(captured.values()[0]).isCloseTo(0.7f, within(1e-6f));
    assertThat(captured.values()[columns]).isCloseTo(1, within(1e-6f));
    assertThat(captured.values()).doesNotContain(Float.NaN);
  }

  @Test
  void read_flatOutputOfAnEngineForAnOlderDjl_isReadByItsBytes() {
    float[] expected = flat(2, 1, 3, -2, 0.5f, 0.25f, 0).values();
    OutputConfidence confidence = confidence("sure", "output");
    OutputSignals outputs =
        OutputSignals.of(
            List.of(confidence), Set.of(), Gating.none(), "closed", OutputForm.of("LightGBM"));
    NDList inputs = new NDList(manager.ones(new Shape(2, 4)));
    for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT64)) {
      NDArray array = manager.create(new float[] {1, 3, -2, 0.5f, 0.25f, 0}).toType(type, true);
      CapturedReading captured = outputs.read(inputs, new NDList(withoutArrays(array)), -1);
      assertThat(captured.values()).as("%s", type).isEqualTo(expected);
    }
  }

  /** What toFloatArray and its like do where an array lacks what they call. */
  private static NDArray withoutArrays(NDArray array) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getName().endsWith("Array")) {
            throw new AbstractMethodError(method.toString());
          }
          return method.invoke(array, arguments);
        };
    return (NDArray)
        Proxy.newProxyInstance(
            NDArray.class.getClassLoader(), new Class<?>[] {NDArray.class}, handler);
  }

  @Test
  void read_flatOutputOfOneValueEach_orThatDoesNotDivide_isRefused() {
    assertThat(flat(3, 0.1f, 0.9f, 0.5f).refusals()).containsOnlyKeys("sure");
    assertThat(flat(3, 1, 2, 3, 4).refusals()).containsOnlyKeys("sure");
  }

  @Test
  void read_otherTypes_areConverted() {
    for (DataType type : List.of(DataType.FLOAT16, DataType.FLOAT64)) {
      CapturedReading captured =
          of(confidence("sure", "output"))
              .read(NO_INPUTS, new NDList(manager.create(LOGITS).toType(type, true)), -1);
      assertThat(captured.values()[0]).as("%s", type).isBetween(0.5f, 0.8f);
    }
  }

  @Test
  void read_whatIsNoLogits_isRefusedAndNotRead() {
    NDList outputs =
        new NDList(
            manager.ones(new Shape(1, 2, 3)),
            manager.create(new long[] {1, 2}),
            manager.ones(new Shape(2, 1)));
    for (int i = 0; i < outputs.size(); i++) {
      CapturedReading captured = of(confidence("sure", "output/" + i)).read(NO_INPUTS, outputs, -1);
      assertThat(captured.refusals().get("sure").reason()).isEqualTo(Reason.NO_HOOK_POINT);
      assertThat(captured.values()[0]).isNaN();
    }
    assertThat(of(confidence("sure", "output/7")).read(NO_INPUTS, outputs, -1).refusals())
        .containsKey("sure");
  }

  @Test
  void read_valueThatIsNoNumber_isNoReading() {
    float[][] logits = {{1, Float.NaN}, {1, 2}};
    CapturedReading captured =
        of(confidence("sure", "output")).read(NO_INPUTS, new NDList(manager.create(logits)), -1);
    assertThat(captured.values()[0]).isNaN();
    assertThat(captured.values()[4]).isBetween(0.5f, 1f);
  }

  @Test
  void read_gateShut_readsNothing() {
    OutputSignals outputs =
        OutputSignals.of(
            List.of(confidence("sure", "output")),
            Set.of(),
            new Gating(Map.of("sure", 3), 0),
            "closed",
            OutputForm.TENSORS);
    NDList given = new NDList(manager.create(LOGITS));
    assertThat(outputs.read(NO_INPUTS, given, 0b0111)).isNull();
    assertThat(outputs.read(NO_INPUTS, given, 0b1000)).isNotNull();
  }

  @Test
  void of_signalWithGoldenValues_refusesIt_forTheyCannotBeProven() {
    OutputSignals outputs =
        OutputSignals.of(
            List.of(confidence("proven", "output"), confidence("sure", "output")),
            Set.of("proven"),
            Gating.none(),
            "closed",
            OutputForm.TENSORS);
    assertThat(outputs.layout().signals()).extracting(Signal::id).containsExactly("sure");
    assertThat(outputs.refusals().get("proven").reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(outputs.refusals().get("proven").detail())
        .isEqualTo("output: closed: its golden values cannot be proven");
  }

  @Test
  void of_signalsOfActivations_refusesThem() {
    OutputSignals outputs = of(ActivationSummary.norm("norm", new HookPoint("output")));
    assertThat(outputs.layout().size()).isZero();
    assertThat(outputs.refusals().get("norm").detail()).contains("closed");
  }
}
