package io.innerspan.djl.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.SignalRefusal;
import io.innerspan.djl.SignalRefusal.Reason;
import io.innerspan.djl.fixtures.GoldenPacks;
import io.innerspan.djl.fixtures.TestSignals;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is made of readings; the models are functions of the input's only number. */
class GoldenProofTest {
  private static final LinearProbe FIRST = TestSignals.probe("first", new HookPoint("here"), 2);
  private static final LinearProbe SECOND = TestSignals.probe("second", new HookPoint("here"), 2);
  private static final ReadingLayout LAYOUT = new ReadingLayout(List.of(FIRST, SECOND));

  /** Of one golden input per number, with the probe's logit. */
  private static ProbePack pack(LinearProbe probe, float... logits) {
    var pack = GoldenPacks.of(probe);
    for (int i = 0; i < logits.length; i++) {
      Tensor x = Tensor.ofFloats(new float[] {i}, 1, 1);
      pack.goldenInput(GoldenPacks.input(Map.of("x", x), probe, logits[i]));
    }
    return pack.build();
  }

  /** Both probes' logit is the number; one token. */
  private static CapturedReading reading(float number) {
    return new CapturedReading(new float[] {number, number, 1}, 1, -1, Map.of());
  }

  private static float number(GoldenInput input) {
    return input.inputs().get("x").toFloats()[0];
  }

  private static GoldenProof proof(List<ProbePack> packs, GoldenProof.Live<RuntimeException> live) {
    return GoldenProof.of(packs, LAYOUT, live);
  }

  @Test
  void of_readingsAsThePacksSay_agrees() {
    List<ProbePack> packs = List.of(pack(FIRST, 0, 1, 2), pack(SECOND, 0, 1));
    assertThat(proof(packs, input -> reading(number(input))).agrees()).isTrue();
  }

  @Test
  void of_otherReading_contradictsThatPackAlone() {
    List<ProbePack> packs = List.of(pack(FIRST, 0, 7), pack(SECOND, 0, 1));
    assertThat(proof(packs, input -> reading(number(input))).contradictions())
        .isEqualTo(
            Map.of(
                "first 1.0.0",
                "golden input 1: probe first, row 0: expected logit 7.0, found 1.0"));
  }

  @Test
  void of_inputThatIsNotTaken_contradicts_andNoneFollows() {
    List<Float> seen = new ArrayList<>();
    GoldenProof proof =
        proof(
            List.of(pack(FIRST, 0, 1, 2)),
            input -> {
              seen.add(number(input));
              if (number(input) == 1) {
                throw new GoldenRefusedException("nothing of the kind");
              }
              return reading(number(input));
            });
    assertThat(proof.contradictions())
        .containsEntry(
            "first 1.0.0", "golden input 1: expected a reading, found: nothing of the kind");
    assertThat(seen).containsExactly(0f, 1f);
  }

  @Test
  void of_signalWithoutValue_isAMisfitOfItsOwnPack_andNotAContradiction() {
    SignalRefusal refusal = new SignalRefusal(Reason.NO_HOOK_POINT, "here: expected 2, found 3");
    GoldenProof proof =
        proof(
            List.of(pack(FIRST, 0), pack(SECOND, 5)),
            input ->
                new CapturedReading(
                    new float[] {Float.NaN, 5, 1}, 1, -1, Map.of("first", refusal)));
    assertThat(proof.contradictions()).isEmpty();
    assertThat(proof.misfits())
        .isEqualTo(
            Map.of(
                "first",
                new SignalRefusal(
                    Reason.NO_HOOK_POINT, "here: expected 2, found 3 (golden input 0)")));
    assertThat(proof.agrees()).isFalse();
  }

  @Test
  void of_packsWithoutGoldenInputsOrColumns_areNotRun() {
    ProbePack norm =
        ProbePack.builder(
                "norm", "1.0.0", "Apache-2.0", new ModelIdentity("m", "0".repeat(64), null))
            .signal(ActivationSummary.norm("norm", new HookPoint("here")))
            .build();
    LinearProbe third = TestSignals.probe("third", new HookPoint("elsewhere"), 2);
    GoldenProof proof =
        proof(
            List.of(norm, pack(third, 9)),
            input -> {
              throw new AssertionError("run");
            });
    assertThat(proof.agrees()).isTrue();
  }

  @Test
  void of_eachPack_beginsAnew_andAFailureOfTheModelIsHandedOn() {
    List<String> told = new ArrayList<>();
    GoldenProof.Live<IOException> live =
        new GoldenProof.Live<>() {
          @Override
          public void begin() throws IOException {
            told.add("begin");
            if (told.size() > 2) {
              throw new IOException("gone");
            }
          }

          @Override
          public CapturedReading read(GoldenInput input) {
            told.add("read");
            return reading(number(input));
          }
        };
    assertThatThrownBy(() -> GoldenProof.of(List.of(pack(FIRST, 0), pack(SECOND, 0)), LAYOUT, live))
        .isInstanceOf(IOException.class)
        .hasMessage("gone");
    assertThat(told).containsExactly("begin", "read", "begin");
  }
}
