package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.TransformerFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes of every kind over some of the tokens. */
class TokenSelectionTest {
  private static final String TAP = "blocks.1.hook_normalized_resid_post";
  private static final TransformerFixture MODEL = TransformerFixture.postNorm();

  private static List<Signal> probes(TokenSelection... selections) {
    List<Signal> signals = new ArrayList<>();
    for (TokenSelection selection : selections) {
      int number = signals.size();
      List<Signal> all = Signals.mixed(16, TAP);
      all.addAll(Signals.heads(16, TAP));
      all.forEach(signal -> signals.add(Signals.over(signal, selection, "s" + number)));
    }
    return signals;
  }

  @ParameterizedTest
  @EnumSource(Batch.Padding.class)
  void readings_excludedIds_equalReference(Batch.Padding padding) throws Exception {
    for (int rows : new int[] {1, 3}) {
      Batch batch = Batch.random(rows, 11, padding, 13);
      long[] ids = batch.ids()[0];
      Grafted.of(
              MODEL.bytes(),
              Gating.NONE,
              probes(
                  TokenSelection.ALL,
                  TokenSelection.excluding(ids[5]),
                  TokenSelection.excluding(0, ids[4], ids[6], 8, 9, 10, 11, 12, 13)))
          .check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 18})
  void readings_allIdsExcluded_areAbsent(long opset) throws Exception {
    long[] all = LongStream.range(0, TransformerFixture.VOCABULARY).toArray();
    Batch batch = Batch.random(3, 7, Batch.Padding.RIGHT, 2);
    Grafted.of(MODEL.spelledOut(opset).bytes(), Gating.NONE, probes(TokenSelection.excluding(all)))
        .check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
  }

  /** The mask tells where there is one, whatever the pack says of models without. */
  @Test
  void readings_noMaskNeeded_useTheOneThatIsThere() throws Exception {
    Batch batch = Batch.random(3, 7, Batch.Padding.BOTH, 2);
    Grafted.of(MODEL.bytes(), Gating.NONE, probes(TokenSelection.ALL.withoutMask()))
        .check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
  }

  @Test
  void readings_behindGates_equalReference() throws Exception {
    Batch batch = Batch.random(3, 7, Batch.Padding.LEFT, 2);
    List<Signal> signals = probes(TokenSelection.excluding(batch.ids()[2][6]), TokenSelection.ALL);
    Grafted.of(MODEL.bytes(), Gating.ALL, signals)
        .check(batch, batch.feeds(DataType.INT64), Tolerance.FP32);
  }
}
