package io.innerspan.djl.maths;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.djl.SignalRefusal;
import io.innerspan.djl.SignalRefusal.Reason;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.Position;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What no engine of DJL gives, each with its reason. */
class SignalNeedsTest {
  private static final HookPoint LAYER = new HookPoint("layer/0");

  @Test
  void lens_isRefused_withWhatItNeeds() {
    Signal lens =
        new LayerLens("lens", List.of(LAYER), new HookPoint("output"), Position.LAST, 3, List.of());
    assertRefused(lens, "layer/0: a lens needs the model's own tail apart from the model");
  }

  @Test
  void window_longerThanTheEngineUnrolls_isRefused() {
    assertThat(SignalNeeds.refusal(rolling(64))).isNull();
    assertRefused(rolling(65), "layer/0: expected a window of at most 64, found 65");
  }

  private static Signal rolling(int window) {
    return new AttentionProbe(
        "probe",
        LAYER,
        TokenSelection.ALL,
        null,
        AttentionProbe.Rule.rolling(window),
        1,
        Floats.of("queries", new float[] {1, 0}),
        Floats.of("values", new float[] {0, 1}),
        0,
        new Calibration.None(),
        null,
        "yes",
        "no");
  }

  @Test
  void excludedIds_ofWhichEachIsAnOperation_areBounded() {
    assertThat(SignalNeeds.refusal(excluding(64))).isNull();
    assertRefused(excluding(65), "layer/0: expected at most 64 excluded ids, found 65");
  }

  private static Signal excluding(int count) {
    return new ActivationSummary(
        "norm",
        LAYER,
        null,
        TokenSelection.excluding(LongStream.range(0, count).toArray()),
        EnumSet.of(Statistic.L2_NORM));
  }

  private static void assertRefused(Signal signal, String detail) {
    SignalRefusal refusal = SignalNeeds.refusal(signal);
    assertThat(refusal).isNotNull();
    assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(refusal.detail()).startsWith(detail);
  }
}
