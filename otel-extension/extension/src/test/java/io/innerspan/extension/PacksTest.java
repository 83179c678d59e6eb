package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.ProbePack;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacksTest {
  private static final String DIGEST = "ab".repeat(32);
  private static final String OTHER_DIGEST = "cd".repeat(32);
  private static final String STRUCTURE = "12".repeat(32);
  private static final String OTHER_STRUCTURE = "34".repeat(32);

  private static final ProbePack BY_STRUCTURE = TestPacks.pack("a", DIGEST, STRUCTURE);
  private static final ProbePack BY_DIGEST = TestPacks.pack("b", DIGEST, null);

  @Test
  void needDigest_onlyWithAPackWithoutStructure() {
    assertThat(new Packs(List.of()).needDigest()).isFalse();
    assertThat(new Packs(List.of(BY_STRUCTURE)).needDigest()).isFalse();
    assertThat(new Packs(List.of(BY_STRUCTURE, BY_DIGEST)).needDigest()).isTrue();
  }

  @Test
  void matching_byStructure_doesNotWaitForTheDigest() {
    Packs packs = new Packs(List.of(BY_STRUCTURE, BY_DIGEST));

    assertThat(packs.matching(STRUCTURE, "")).containsExactly(BY_STRUCTURE);
    assertThat(packs.matching(OTHER_STRUCTURE, DIGEST)).containsExactly(BY_DIGEST);
    assertThat(packs.matching(STRUCTURE, DIGEST)).containsExactly(BY_STRUCTURE, BY_DIGEST);
    assertThat(packs.matching(OTHER_STRUCTURE, OTHER_DIGEST)).isEmpty();
  }

  @Test
  void unmatched_tellsOnceOfEachPack() {
    Packs packs = new Packs(List.of(BY_STRUCTURE, BY_DIGEST));

    assertThat(packs.unmatched(OTHER_DIGEST)).containsExactly(BY_STRUCTURE, BY_DIGEST);
    assertThat(packs.unmatched(OTHER_DIGEST)).isEmpty();
  }

  @Test
  void unmatched_packThatFoundItsModel_isNotTold() {
    Packs packs = new Packs(List.of(BY_STRUCTURE));
    packs.matching(STRUCTURE, "");

    assertThat(packs.unmatched(OTHER_DIGEST)).isEmpty();
  }

  @Test
  void mismatched_byStructure_isAPackOfOtherWeights() {
    Packs packs = new Packs(List.of(BY_STRUCTURE, BY_DIGEST));
    List<ProbePack> fitting = packs.matching(STRUCTURE, OTHER_DIGEST);

    assertThat(packs.mismatched(null, OTHER_DIGEST, fitting)).containsExactly(BY_STRUCTURE);
    assertThat(packs.mismatched("other", OTHER_DIGEST, List.of())).isEmpty();
    assertThat(packs.mismatched(null, DIGEST, fitting)).isEmpty();
  }

  @Test
  void mismatched_byName_isAPackOfAnotherModelOfThatName() {
    Packs packs = new Packs(List.of(BY_STRUCTURE, BY_DIGEST));

    assertThat(packs.mismatched("tiny", OTHER_DIGEST, List.of()))
        .containsExactly(BY_STRUCTURE, BY_DIGEST);
    assertThat(packs.mismatched("tiny", DIGEST, List.of())).isEmpty();
  }

  /** Two fine-tunes of one model, or two precisions, each with its pack. */
  @Test
  void mismatched_modelThatAnotherPackIsFor_isNotTold() {
    ProbePack other = TestPacks.pack("c", OTHER_DIGEST, STRUCTURE);
    Packs packs = new Packs(List.of(BY_STRUCTURE, other));
    List<ProbePack> fitting = packs.matching(STRUCTURE, OTHER_DIGEST);
    assertThat(fitting).containsExactly(BY_STRUCTURE, other);

    assertThat(packs.mismatched("tiny", OTHER_DIGEST, fitting)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "decoder_model_merged", "model_int8", "encoder_model"})
  void mismatched_nameThatAnyModelMayHave_isNotTold(String name) {
    ProbePack pack =
        ProbePack.builder("p", "1.0.0", "MIT", new ModelIdentity(name, DIGEST, null))
            .signal(TestPacks.norm("n"))
            .build();

    assertThat(new Packs(List.of(pack)).mismatched(name, OTHER_DIGEST, List.of())).isEmpty();
  }

  @Test
  void unmatched_packOfTheVeryModel_isNotTold() {
    assertThat(new Packs(List.of(BY_STRUCTURE)).unmatched(DIGEST)).isEmpty();
  }
}
