package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import io.innerspan.testing.models.TransformerFixture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatesTest {
  private static final String FIRST = "blocks.0.hook_normalized_resid_post";
  private static final String SECOND = "blocks.1.hook_normalized_resid_post";
  private static final TransformerFixture MODEL = TransformerFixture.postNorm();

  private static final int STANDING = 2;

  /** Trivial, cheap and dear ones of several kinds, mixed. */
  private static List<Signal> signals() {
    List<Signal> heads = heads();
    return List.of(
        SummaryGraphTest.all("all_1", SECOND, FIRST),
        Signals.probe("mean", FIRST, Pooling.MEAN, 16),
        heads.get(0),
        DistanceGraphTest.distance("distance_0", FIRST, Pooling.MEAN, TokenSelection.ALL, 16),
        heads.get(1),
        DistanceGraphTest.distance("distance_1", SECOND, Pooling.CLS, TokenSelection.ALL, 16),
        AttentionSummaryGraphTest.summary("attention_0", "blocks.0.attn.hook_pattern", 2),
        Signals.norm("norm", SECOND),
        SummaryGraphTest.all("all_0", FIRST, null),
        AttentionSummaryGraphTest.summary("attention_1", "blocks.1.attn.hook_pattern", 2));
  }

  private static List<Signal> heads() {
    return Signals.heads(16, SECOND).stream()
        .filter(signal -> Set.of("mlp_mean", "mlp_max").contains(signal.id()))
        .toList();
  }

  private static List<ModelProto> models() {
    return List.of(
        MODEL.spelledOut(9).model(),
        MODEL.spelledOut(9).model().toBuilder().setIrVersion(4).build(),
        MODEL.spelledOut(10).model(),
        MODEL.spelledOut(11).model(),
        MODEL.spelledOut(12).model(),
        MODEL.spelledOut(13).model(),
        MODEL.spelledOut(17).model().toBuilder().setIrVersion(8).build(),
        MODEL.withOpset(18).model(),
        MODEL.withOpset(21).model(),
        MODEL.withOpset(23).model());
  }

  @ParameterizedTest
  @MethodSource("models")
  void reading_anyGates_hasTheOpenSignalsExactly(ModelProto model) throws Exception {
    Batch batch = Batch.random(3, 7, Batch.Padding.BOTH, 5);
    check(model.toByteArray(), batch.feeds(DataType.INT64), 3);
  }

  /** In the format's version 3 a graph's initializers are inputs too; the gates are none. */
  @Test
  void reading_irVersion3_hasTheOpenSignalsExactly() throws Exception {
    Batch batch = Batch.random(2, 6, Batch.Padding.RIGHT, 8);
    check(OverlayInRuntimeTest.irVersion3(), batch.feeds(DataType.INT64), 2);
  }

  private static void check(byte[] model, Map<String, OnnxTensor> feeds, int rows)
      throws Exception {
    Grafted plain = Grafted.of(model, Gating.NONE, signals());
    Grafted gated = Grafted.of(model, Gating.BY_COST, signals());
    int gates = gated.overlay().gateCount();
    assertThat(gated.overlay().readsAlways()).isTrue();
    assertThat(gates).isEqualTo(STANDING + 4);
    assertThat(gated.overlay().standingGates()).isEqualTo(STANDING);
    Ort.Output expected = plain.read(feeds);
    // All shut, all open, each alone, each alone but the dear ones shut together, or all.
    List<boolean[]> cases = new ArrayList<>();
    cases.add(new boolean[gates + 2]);
    boolean[] all = new boolean[gates + 2];
    Arrays.fill(all, true);
    cases.add(all);
    for (int gate = 0; gate < gates; gate++) {
      boolean[] one = new boolean[gates + 2];
      one[gate + 1] = true;
      cases.add(one.clone());
      one[gates + 1] = true;
      cases.add(one.clone());
      one[0] = true;
      cases.add(one);
    }
    for (boolean[] input : cases) {
      Ort.Output reading = gated.read(feeds, input);
      for (int row = 0; row < rows; row++) {
        assertThat(gated.tokens(reading, row)).isEqualTo(plain.tokens(expected, row));
        for (int i = 0; i < signals().size(); i++) {
          Signal signal = gated.overlay().signals().get(i);
          int gate = gated.overlay().gates().get(i);
          float[] values = gated.values(reading, row, signal.id());
          if (gate == ReadingLayout.ALWAYS_OPEN
              || (input[gates + 1] && input[gate + 1] && (input[0] || gate < STANDING))) {
            // Sums that are shared with signals outside of the gate run in another order.
            assertThat(values)
                .as("%s with %s", signal.id(), input)
                .containsExactly(plain.values(expected, row, signal.id()), within(1e-5f));
          } else {
            assertThat(values).as("%s with %s", signal.id(), input).containsOnly(Float.NaN);
          }
        }
      }
    }
  }

  @Test
  void compile_byCost_cheapKindsHaveAGateEach_dearSignalsTheOnesAfter() throws Exception {
    Overlay overlay = Grafted.of(MODEL.bytes(), Gating.BY_COST, signals()).overlay();
    Map<Integer, Set<String>> byGate = new TreeMap<>();
    for (int i = 0; i < overlay.signals().size(); i++) {
      byGate
          .computeIfAbsent(overlay.gates().get(i), any -> new HashSet<>())
          .add(overlay.signals().get(i).id());
    }
    List<Signal> heads = heads();
    assertThat(byGate)
        .containsEntry(ReadingLayout.ALWAYS_OPEN, Set.of("mean", "norm"))
        .containsEntry(0, Set.of(heads.get(0).id(), heads.get(1).id()))
        .containsEntry(1, Set.of("distance_0", "distance_1"))
        .containsEntry(2, Set.of("all_1"))
        .containsEntry(3, Set.of("attention_0"))
        .containsEntry(4, Set.of("all_0"))
        .containsEntry(5, Set.of("attention_1"));
  }

  @Test
  void compile_everythingGated_probesOfFewStepsAreNotShedForThoseOfMany() throws Exception {
    Overlay overlay =
        Grafted.of(
                MODEL.bytes(),
                Gating.ALL,
                List.of(
                    Signals.probe("mean", FIRST, Pooling.MEAN, 16),
                    Signals.probe("ema", FIRST, Pooling.ema(0.5), 16),
                    Signals.probe("max", SECOND, Pooling.MAX, 16)))
            .overlay();
    Map<String, Integer> gates = new TreeMap<>();
    for (int i = 0; i < overlay.signals().size(); i++) {
      gates.put(overlay.signals().get(i).id(), overlay.gates().get(i));
    }
    assertThat(gates).isEqualTo(Map.of("mean", 0, "max", 0, "ema", 1));
    assertThat(overlay.standingGates()).isEqualTo(2);
  }

  @Test
  void compile_closedGates_leaveFewOperatorsOutside() throws Exception {
    List<Signal> signals = new ArrayList<>(signals());
    signals.removeIf(signal -> SignalCost.of(signal) == SignalCost.CHEAP);
    Overlay overlay = Grafted.of(MODEL.bytes(), Gating.BY_COST, signals).overlay();
    Overlay open =
        Grafted.of(
                MODEL.bytes(),
                Signals.probe("mean", FIRST, Pooling.MEAN, 16),
                Signals.norm("norm", SECOND))
            .overlay();
    // The test whether any gate is open, and the branch.
    assertThat(outside(overlay) - outside(open)).isEqualTo(2);
  }

  private static int outside(Overlay overlay) throws Exception {
    return ModelProto.parseFrom(overlay.bytes()).getGraph().getNodeCount();
  }

  /** One gate; those of one kind only; both kinds. */
  private static Stream<Arguments> gatedOnly() {
    Signal dear = SummaryGraphTest.all("all_0", FIRST, null);
    Signal other = SummaryGraphTest.all("all_1", SECOND, FIRST);
    Signal cheap = heads().get(0);
    Signal distance =
        DistanceGraphTest.distance("distance_0", FIRST, Pooling.MEAN, TokenSelection.ALL, 16);
    Signal probe = Signals.probe("mean", FIRST, Pooling.MEAN, 16);
    Signal norm = Signals.norm("norm", SECOND);
    return Stream.of(
            List.of(dear),
            List.of(cheap),
            List.of(dear, other),
            List.of(cheap, distance),
            List.of(cheap, dear),
            List.of(cheap, distance, dear, other),
            List.of(probe),
            List.of(probe, norm),
            List.of(norm, probe, cheap, dear))
        .flatMap(
            signals -> Stream.of(9, 12, 17, 23).map(opset -> Arguments.of(signals, (long) opset)));
  }

  @ParameterizedTest
  @MethodSource("gatedOnly")
  void reading_noOpenSignal_hasRowsWhenAnyGateIsOpen(List<Signal> signals, long opset)
      throws Exception {
    byte[] model = (opset < 13 ? MODEL.spelledOut(opset) : MODEL.withOpset(opset)).bytes();
    Map<String, OnnxTensor> feeds = Batch.random(3, 7, Batch.Padding.LEFT, 5).feeds(DataType.INT64);
    Grafted plain = Grafted.of(model, Gating.NONE, signals);
    Ort.Output expected = plain.read(feeds);
    Grafted gated = Grafted.of(model, Gating.ALL, signals);
    int gates = gated.overlay().gateCount();
    int standing = gated.overlay().standingGates();
    assertThat(gates).isEqualTo(signals.size());
    assertThat(gated.overlay().readsAlways()).isFalse();
    for (int open = 0; open < 1 << gates; open++) {
      boolean[] input = new boolean[gates + 2];
      input[0] = open >>> standing != 0;
      input[gates + 1] = open != 0;
      for (int gate = 0; gate < gates; gate++) {
        input[gate + 1] = (open >>> gate & 1) != 0;
      }
      Ort.Output reading = gated.read(feeds, input);
      assertThat(reading.shape()[0]).as("rows with gates %s", open).isEqualTo(open == 0 ? 0 : 3);
      for (int row = 0; row < reading.shape()[0]; row++) {
        assertThat(gated.tokens(reading, row)).isEqualTo(plain.tokens(expected, row));
        for (int i = 0; i < signals.size(); i++) {
          String id = gated.overlay().signals().get(i).id();
          float[] values = gated.values(reading, row, id);
          if (input[gated.overlay().gates().get(i) + 1]) {
            assertThat(values)
                .as(id)
                .containsExactly(plain.values(expected, row, id), within(1e-5f));
          } else {
            assertThat(values).as(id).containsOnly(Float.NaN);
          }
        }
      }
    }
  }

  @Test
  void compile_noOpenSignal_leavesNothingButTheBranchOutside() throws Exception {
    List<Signal> signals = new ArrayList<>(signals());
    signals.removeIf(signal -> SignalCost.of(signal) == SignalCost.TRIVIAL);
    Overlay overlay = Grafted.of(MODEL.bytes(), Gating.BY_COST, signals).overlay();
    assertThat(overlay.readsAlways()).isFalse();
    assertThat(outside(overlay))
        .as("the test whether any gate is open, and the branch")
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 17})
  void reading_moreSignalsThanGates_sharesThem(long opset) throws Exception {
    List<Signal> signals = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      signals.add(SummaryGraphTest.all("s" + i, i % 2 == 0 ? FIRST : SECOND, null));
    }
    byte[] model = MODEL.spelledOut(opset).bytes();
    Grafted plain = Grafted.of(model, Gating.NONE, signals);
    Grafted gated = Grafted.of(model, Gating.ALL, signals);
    assertThat(gated.overlay().gateCount()).isEqualTo(62);
    List<Integer> gates = gated.overlay().gates();
    Map<String, OnnxTensor> feeds =
        Batch.random(2, 5, Batch.Padding.RIGHT, 1).feeds(DataType.INT64);
    Ort.Output expected = plain.read(feeds);
    for (int gate : new int[] {0, 7, 61}) {
      boolean[] input = new boolean[64];
      input[63] = true;
      input[0] = true;
      input[gate + 1] = true;
      Ort.Output reading = gated.read(feeds, input);
      int[] open = IntStream.range(0, 70).filter(i -> gates.get(i) == gate).toArray();
      assertThat(open).hasSize(gate < 8 ? 2 : 1);
      for (int i = 0; i < 70; i++) {
        String id = gated.overlay().signals().get(i).id();
        float[] values = gated.values(reading, 1, id);
        if (gates.get(i) == gate) {
          // Other signals share its products, whose sums may run in another order.
          float[] same = plain.values(expected, 1, id);
          for (int column = 0; column < values.length; column++) {
            assertThat(values[column]).as(id).isCloseTo(same[column], within(1e-5f));
          }
        } else {
          assertThat(values).as(id).containsOnly(Float.NaN);
        }
      }
    }
  }
}
