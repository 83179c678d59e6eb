package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.pack.ProbePack;
import java.util.List;
import org.junit.jupiter.api.Test;

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
  void unmatched_packOfTheVeryModel_isNotTold() {
    assertThat(new Packs(List.of(BY_STRUCTURE)).unmatched(DIGEST)).isEmpty();
  }
}
