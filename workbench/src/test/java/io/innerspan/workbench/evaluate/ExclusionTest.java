package io.innerspan.workbench.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.pack.SeenData;
import io.innerspan.workbench.data.LabelledText;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExclusionTest {
  private static final String SALT = "0".repeat(64);

  @Test
  void of_seenTextOrGroup_takesItsWholeGroupOut() {
    List<LabelledText> data =
        List.of(
            row(1, "seen before", "a"),
            row(2, "of the same group", "a"),
            row(3, "of a seen group", "b"),
            row(4, "new", "c"));
    SeenData seen = SeenData.of(SALT, List.of("Seen  before"), List.of("b"));

    Exclusion exclusion = Exclusion.of(data, List.of(), seen);

    assertThat(exclusion.rows()).extracting(LabelledText::row).containsExactly(4L);
    assertThat(exclusion.byPack()).isEqualTo(3);
    assertThat(exclusion.byTraining()).isZero();
    assertThat(exclusion.digests()).isTrue();
  }

  @Test
  void of_trainingRows_areCountedAfterThoseOfThePack() {
    List<LabelledText> data =
        List.of(row(1, "by pack", "a"), row(2, "by both", "b"), row(3, "by file", "c"));
    List<LabelledText> train = List.of(row(1, "By both", "x"), row(2, "another", "c"));
    SeenData seen = SeenData.of(SALT, List.of("by pack", "by both"), List.of());

    Exclusion exclusion = Exclusion.of(data, train, seen);

    assertThat(exclusion.rows()).isEmpty();
    assertThat(exclusion.byPack()).isEqualTo(2);
    assertThat(exclusion.byTraining()).isEqualTo(1);
  }

  @Test
  void of_copies_stayInOneGroupAndAreCounted() {
    List<LabelledText> data = List.of(row(1, "one", "a"), row(2, "ONE", "b"), row(3, "two", "c"));

    Exclusion exclusion = Exclusion.of(data, List.of(), null);

    assertThat(exclusion.rows()).hasSize(3);
    assertThat(exclusion.rows().get(0).group()).isEqualTo(exclusion.rows().get(1).group());
    assertThat(exclusion.copies()).isEqualTo(1);
    assertThat(exclusion.digests()).isFalse();
  }

  private static LabelledText row(long row, String text, String group) {
    return new LabelledText(row, text, "x", true, group);
  }
}
