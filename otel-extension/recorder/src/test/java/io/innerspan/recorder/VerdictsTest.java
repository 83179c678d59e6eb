package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class VerdictsTest {
  private final Verdicts verdicts = new Verdicts();
  private int traces;

  /** The table of Cohen's kappa that textbooks compute: 20, 5, 10, 15 of 50 give .4. */
  @Test
  void kappa_ofAKnownTable_isKnown() {
    add("yes", "yes", 20);
    add("yes", "no", 5);
    add("no", "yes", 10);
    double kappa = add("no", "no", 15);

    assertThat(kappa).isCloseTo(0.4, within(1e-12));
  }

  @Test
  void kappa_ofPerfectAgreement_isOne_ofOneLabelNone() {
    assertThat(add("yes", "yes", 3)).isNaN();
    assertThat(add("no", "no", 1)).isEqualTo(1);
  }

  @Test
  void kappa_ofWhatChanceGives_isZero() {
    add("yes", "yes", 1);
    add("yes", "no", 1);
    add("no", "yes", 1);

    assertThat(add("no", "no", 1)).isZero();
  }

  @Test
  void verdicts_areCompared_whoeverComesFirst() {
    assertThat(verdicts.add("e", "t1", true, "good").compared()).isFalse();
    assertThat(verdicts.add("e", "t1", false, "good"))
        .returns(true, Verdicts.Result::compared)
        .returns(true, Verdicts.Result::agreed);
    assertThat(verdicts.add("e", "t2", false, "good").compared()).isFalse();
    assertThat(verdicts.add("e", "t2", true, "bad"))
        .returns(true, Verdicts.Result::compared)
        .returns(false, Verdicts.Result::agreed);
  }

  @Test
  void verdicts_ofOtherTracesOrEvaluations_areNotCompared() {
    verdicts.add("e", "t1", true, "good");

    assertThat(verdicts.add("e", "t2", false, "good").compared()).isFalse();
    assertThat(verdicts.add("f", "t1", false, "good").compared()).isFalse();
  }

  @Test
  void verdict_isComparedOnce() {
    verdicts.add("e", "t1", true, "good");
    verdicts.add("e", "t1", false, "good");

    assertThat(verdicts.add("e", "t1", false, "good").compared()).isFalse();
  }

  @Test
  void verdict_ofTheSameSide_takesThePlaceOfTheOneBefore() {
    verdicts.add("e", "t1", true, "good");

    assertThat(verdicts.add("e", "t1", true, "bad").lost()).isTrue();
    assertThat(verdicts.add("e", "t1", false, "bad").agreed()).isTrue();
  }

  @Test
  void verdicts_beyondTheLimit_pushOutTheOldest() {
    verdicts.add("e", "first", false, "good");
    for (int i = 1; i < Verdicts.WAITING; i++) {
      assertThat(verdicts.add("e", "t" + i, true, "good").lost()).isNull();
    }
    assertThat(verdicts.add("e", "last", true, "good").lost()).isFalse();
    assertThat(verdicts.add("e", "first", true, "good").compared()).isFalse();
  }

  @Test
  void labels_beyondTheLimit_areLeftOutOfKappa() {
    Agreement agreement = new Agreement();
    for (int i = 0; i < Agreement.LABELS; i++) {
      agreement.add("l" + i, "l" + i);
    }
    agreement.add("another", "l0");

    assertThat(agreement.kappa()).isEqualTo(1);
  }

  private double add(String judge, String human, int count) {
    double kappa = Double.NaN;
    for (int i = 0; i < count; i++) {
      String trace = "trace" + traces++;
      verdicts.add("helpfulness", trace, false, judge);
      kappa = verdicts.add("helpfulness", trace, true, human).kappa();
    }
    return kappa;
  }
}
