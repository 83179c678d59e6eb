package io.innerspan.djl.block;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.Gating;
import io.innerspan.djl.SignalRefusal.Reason;
import io.innerspan.djl.fixtures.Batch;
import io.innerspan.djl.fixtures.BlockTransformer;
import io.innerspan.djl.fixtures.TestSignals;
import io.innerspan.djl.fixtures.Torch;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Reading;
import io.innerspan.signals.Signal;
import io.innerspan.testing.models.TransformerFixture;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockCaptureTest {
  private static final int WIDTH = TransformerFixture.WIDTH;
  private static final HookPoint LAYER = new HookPoint("02layer");

  private final NDManager weights = Torch.manager();
  private final BlockTransformer model =
      new BlockTransformer(weights, TransformerFixture.postNorm());

  @AfterEach
  void close() {
    weights.close();
  }

  @Test
  void outputs_withACapture_keepTheirBitsAndTheirManager() {
    List<Signal> signals = TestSignals.ofActivations(WIDTH, new HookPoint("03layer"), LAYER);
    try (BlockPlan plan = BlockPlan.of(model, signals, Gating.none());
        NDManager manager = Torch.manager()) {
      NDList inputs = inputs(manager, 5);
      NDList expected = model.run(inputs, null);
      BlockCapture capture = Objects.requireNonNull(plan.begin(inputs, -1));
      NDList outputs = model.run(inputs, capture);
      capture.finish(outputs);
      capture.close();
      for (int i = 0; i < expected.size(); i++) {
        assertThat(outputs.get(i).toFloatArray()).isEqualTo(expected.get(i).toFloatArray());
        assertThat(outputs.get(i).getManager()).isSameAs(manager);
      }
    }
  }

  /** What an inference makes ends with it: managers hold nothing more after it than before. */
  @Test
  void captures_leaveNothingBehind() {
    List<Signal> signals = TestSignals.ofActivations(WIDTH, new HookPoint("03layer"), LAYER);
    try (BlockPlan plan = BlockPlan.of(model, signals, Gating.none());
        NDManager manager = Torch.manager()) {
      int plain = 0;
      for (int i = 0; i < 7; i++) {
        try (NDManager request = manager.newSubManager()) {
          NDList inputs = inputs(request, 1 + i % 7);
          model.run(inputs, null);
          plain = held(request) - 1;
        }
        try (NDManager request = manager.newSubManager()) {
          NDList inputs = inputs(request, 1 + i % 7);
          BlockCapture capture = Objects.requireNonNull(plan.begin(inputs, -1));
          capture.finish(model.run(inputs, capture));
          capture.close();
          assertThat(held(request) - 1).isEqualTo(plain);
        }
        assertThat(held(manager)).isZero();
      }
    }
  }

  private static int held(NDManager manager) {
    return manager.getManagedArrays().size();
  }

  @Test
  void signals_atClosedGates_areNotComputed() {
    Signal first = ActivationSummary.norm("first", LAYER);
    Signal second = ActivationSummary.norm("second", LAYER);
    Gating gating = new Gating(Map.of("first", 0, "second", 1), 0);
    Reading reading = read(List.of(first, second), gating, 0b10).reading();
    assertThat(reading.value(0, reading.layout().indexOf("first"))).isNaN();
    assertThat(reading.value(0, reading.layout().indexOf("second"))).isPositive();
  }

  @Test
  void signals_atPathsThatAreNotThere_areRefusedAlone() {
    List<Signal> signals =
        List.of(
            ActivationSummary.norm("there", LAYER),
            ActivationSummary.norm("missing", new HookPoint("09layer/01attention")));
    try (BlockPlan plan = BlockPlan.of(model, signals, Gating.none())) {
      assertThat(plan.layout().signals()).extracting(Signal::id).containsExactly("there");
      assertThat(plan.refusals().get("missing").reason()).isEqualTo(Reason.NO_HOOK_POINT);
      assertThat(plan.refusals().get("missing").detail()).contains("01norm, 02layer, 03layer");
    }
  }

  @Test
  void signals_ofAnotherWidth_areRefusedInTheReading_othersAreRead() {
    List<Signal> signals =
        List.of(TestSignals.probe("wide", LAYER, 99), ActivationSummary.norm("norm", LAYER));
    Captured captured = read(signals, Gating.none(), -1);
    assertThat(captured.given().refusals()).containsOnlyKeys("wide");
    assertThat(captured.given().refusals().get("wide").detail())
        .contains("expected [batch, tokens, 99]", "found (3, 6, 16)");
    Reading reading = captured.reading();
    assertThat(reading.value(0, reading.layout().indexOf("wide"))).isNaN();
    assertThat(reading.value(0, reading.layout().indexOf("norm"))).isPositive();
  }

  @Test
  void undeclaredBlocks_thatAreNeverCalled_areRefusedInTheReading() {
    HookPoint second = new HookPoint("02layer/01attention/~Dropout2");
    Captured captured = read(List.of(ActivationSummary.norm("norm", second)), Gating.none(), -1);
    assertThat(captured.given().refusals().get("norm").detail()).contains("found no call");
  }

  @Test
  void undeclaredBlocks_areReadBelowTheirParent() {
    HookPoint dropout = new HookPoint("02layer/01attention/~Dropout");
    List<Signal> signals = TestSignals.ofPattern(dropout);
    Captured captured = read(signals, Gating.none(), -1);
    assertThat(captured.given().refusals()).isEmpty();
    assertThat(captured.reading().value(0, 0)).isPositive();
  }

  @Test
  void tokensWithoutAMask_giveNoReading() {
    List<Signal> signals = List.of(ActivationSummary.norm("norm", LAYER));
    try (BlockPlan plan = BlockPlan.of(model, signals, Gating.none());
        NDManager manager = Torch.manager()) {
      NDList inputs = Batch.random(2, 5, 1).inputs(manager);
      try (BlockCapture capture = Objects.requireNonNull(plan.begin(inputs, -1))) {
        CapturedReading captured =
            Objects.requireNonNull(capture.finish(model.run(inputs, capture)));
        assertThat(captured.rows()).isZero();
        assertThat(captured.refusals().get("norm").reason()).isEqualTo(Reason.NO_ATTENTION_MASK);
      }
    }
  }

  @Test
  void failedBlocks_giveNoReading_andEndTheCapture() {
    List<Signal> signals = List.of(ActivationSummary.norm("norm", LAYER));
    try (BlockPlan plan = BlockPlan.of(model, signals, Gating.none());
        NDManager manager = Torch.manager()) {
      NDList inputs = inputs(manager, 5);
      try (BlockCapture capture = Objects.requireNonNull(plan.begin(inputs, -1))) {
        capture.enter(model);
        capture.leave(null);
        capture.leave(null);
        assertThat(capture.finish(null)).isNull();
      }
    }
  }

  @Test
  void outputs_byPosition_areRead() {
    HookPoint output = new HookPoint("output/1");
    List<Signal> signals =
        List.of(ActivationSummary.norm("layer", LAYER), ActivationSummary.norm("output", output));
    Reading reading = read(signals, Gating.none(), -1).reading();
    assertThat(reading.value(1, 1)).isPositive().isEqualTo(reading.value(1, 0));
  }

  /** A norm is read by masks in Java, a distance by masks in the engine. */
  @ParameterizedTest
  @EnumSource(names = {"INT64", "INT32", "FLOAT32", "FLOAT64", "BOOLEAN"})
  void masks_ofEveryType_tellTheSame(DataType type) {
    List<Signal> signals =
        List.of(
            ActivationSummary.norm("norm", LAYER),
            TestSignals.probe("mean", LAYER, WIDTH),
            new ActivationSummary("all", LAYER, null, EnumSet.of(Statistic.KURTOSIS)));
    try (BlockPlan plan = BlockPlan.of(model, signals, Gating.none());
        NDManager manager = Torch.manager()) {
      NDList inputs = inputs(manager, 6);
      float[] expected = values(plan, inputs, inputs);
      NDArray mask = inputs.get(1).toType(type, true);
      mask.setName("attention_mask");
      assertThat(values(plan, inputs, new NDList(inputs.get(0), mask))).isEqualTo(expected);
    }
  }

  /** What is read where the model runs on some inputs and the capture is given others. */
  private float[] values(BlockPlan plan, NDList inputs, NDList given) {
    try (BlockCapture capture = Objects.requireNonNull(plan.begin(given, -1))) {
      CapturedReading captured = Objects.requireNonNull(capture.finish(model.run(inputs, capture)));
      assertThat(captured.refusals()).isEmpty();
      return captured.values();
    }
  }

  @Test
  void planThatIsClosedDuringACapture_stillGivesItsReading_andNoOther() {
    List<Signal> signals =
        List.of(new ActivationSummary("all", LAYER, null, EnumSet.of(Statistic.KURTOSIS)));
    try (BlockPlan plan = BlockPlan.of(model, signals, Gating.none());
        NDManager manager = Torch.manager()) {
      NDList inputs = inputs(manager, 6);
      try (BlockCapture capture = Objects.requireNonNull(plan.begin(inputs, -1))) {
        plan.close();
        CapturedReading captured =
            Objects.requireNonNull(capture.finish(model.run(inputs, capture)));
        assertThat(captured.refusals()).isEmpty();
        assertThat(captured.values()[0]).isFinite();
      }
      assertThat(plan.begin(inputs, -1)).isNull();
    }
  }

  private record Captured(CapturedReading given, Reading reading) {}

  private Captured read(List<Signal> signals, Gating gating, long openGates) {
    try (BlockPlan plan = BlockPlan.of(model, signals, gating);
        NDManager manager = Torch.manager()) {
      assertThat(plan.refusals()).isEmpty();
      NDList inputs = inputs(manager, 6);
      try (BlockCapture capture = Objects.requireNonNull(plan.begin(inputs, openGates))) {
        CapturedReading captured =
            Objects.requireNonNull(capture.finish(model.run(inputs, capture)));
        return new Captured(captured, captured.reading(plan.layout()));
      }
    }
  }

  private static NDList inputs(NDManager manager, int tokens) {
    NDList inputs = Batch.random(3, tokens, 1).inputs(manager);
    NDArray mask = inputs.get(1);
    mask.setName("attention_mask");
    inputs.get(0).setName("input_ids");
    return inputs;
  }
}
