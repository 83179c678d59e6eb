package io.innerspan.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  @Test
  void taskSuccess_hasScoreAndLabel() {
    assertThat(Outcome.taskSuccess(true))
        .returns(OutcomeKind.TASK_SUCCESS, Outcome::kind)
        .returns("task_success", Outcome::name)
        .returns("pass", Outcome::label)
        .returns(1.0, Outcome::score);
    assertThat(Outcome.taskSuccess(false))
        .returns("fail", Outcome::label)
        .returns(0.0, Outcome::score);
  }

  @Test
  void with_changesOneThing_andNotTheOriginal() {
    Outcome plain = Outcome.humanVerdict("helpfulness", "good");
    Outcome full =
        plain
            .withScore(0.75)
            .withExplanation("to the point")
            .withResponseId("chatcmpl-1")
            .on(TRACE, SPAN);

    assertThat(full)
        .returns(OutcomeKind.HUMAN_VERDICT, Outcome::kind)
        .returns("helpfulness", Outcome::name)
        .returns("good", Outcome::label)
        .returns(0.75, Outcome::score)
        .returns("to the point", Outcome::explanation)
        .returns("chatcmpl-1", Outcome::responseId)
        .returns(TRACE, Outcome::traceId)
        .returns(SPAN, Outcome::spanId);
    assertThat(plain).returns(null, Outcome::explanation).returns(null, Outcome::traceId);
    assertThat(plain.score()).isNaN();
  }

  @Test
  void on_noReading_isAboutTheCurrentSpan() {
    assertThat(Outcome.escalation().on(InferenceReading.none()))
        .returns(null, Outcome::traceId)
        .returns(null, Outcome::spanId);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb", "what <she> said", "é", "\u202e"})
  void name_thatIsNone_isRefusedWithBoth(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Outcome.judgeVerdict(name, "good"))
        .withMessageContaining("evaluation: expected 1 to 64 of letters")
        .withMessageContaining("found '" + name + "'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Outcome.judgeVerdict("helpfulness", name))
        .withMessageContaining("label: expected");
  }

  @Test
  void name_ofSixtyFive_isRefused() {
    assertThat(Outcome.humanVerdict("a".repeat(64), "good").name()).hasSize(64);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Outcome.humanVerdict("a".repeat(65), "good"));
  }

  @ParameterizedTest
  @CsvSource({
    "00000000000000000000000000000000, 00f067aa0ba902b7, trace id",
    "4bf92f3577b34da6a3ce929d0e0e4736, 0000000000000000, span id",
    "4BF92F3577B34DA6A3CE929D0E0E4736, 00f067aa0ba902b7, trace id",
    "4bf92f3577b34da6a3ce929d0e0e4736, 00f067aa, span id",
  })
  void on_idsThatAreNone_areRefused(String trace, String span, String which) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Outcome.userCorrection().on(trace, span))
        .withMessageStartingWith(which + ": expected");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void withScore_notFinite_isRefused(double score) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Outcome.escalation().withScore(score))
        .withMessageContaining("score: expected a finite number, found " + score);
  }

  @Test
  void withResponseId_tooLong_isRefusedWithoutRepeatingIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Outcome.escalation().withResponseId("x".repeat(129)))
        .withMessageContaining("found 129 characters");
  }
}
