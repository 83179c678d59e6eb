package io.innerspan.workbench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupSplitterTest {
  private static final Shares SHARES = Shares.DEFAULT;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void split_randomFamilies_sharesNoGroupAndNoTextAndLosesNoRow(long seed) {
    List<LabelledText> rows = rows(seed);
    Split split = new GroupSplitter(SHARES, seed).split(rows, "data");
    Map<String, Part> partOfGroup = new HashMap<>();
    Map<String, Part> partOfText = new HashMap<>();
    Set<Long> seen = new HashSet<>();
    for (Part part : Part.values()) {
      for (LabelledText row : split.rows(part)) {
        Part group = partOfGroup.putIfAbsent(row.group(), part);
        assertThat(group == null || group == part).as(row.group()).isTrue();
        Part text = partOfText.putIfAbsent(row.text(), part);
        assertThat(text == null || text == part).as(row.text()).isTrue();
        assertThat(seen.add(row.row())).isTrue();
      }
    }
    assertThat(seen).hasSameSizeAs(rows);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void split_randomFamilies_isBalancedByLabel(long seed) {
    List<LabelledText> rows = rows(seed);
    Split split = new GroupSplitter(SHARES, seed).split(rows, "data");
    for (boolean label : new boolean[] {true, false}) {
      double all = count(rows, label);
      for (Part part : Part.values()) {
        assertThat(count(split.rows(part), label) / all)
            .as("%s %s", part, label)
            .isEqualTo(SHARES.of(part, label), within(.04));
      }
    }
  }

  @Test
  void split_sameSeed_isTheSame_anotherSeed_isAnother() {
    List<LabelledText> rows = rows(1);
    Split first = new GroupSplitter(SHARES, 5).split(rows, "data");
    assertThat(new GroupSplitter(SHARES, 5).split(rows, "data")).isEqualTo(first);
    assertThat(new GroupSplitter(SHARES, 6).split(rows, "data")).isNotEqualTo(first);
  }

  @Test
  void split_groupsThatShareAText_areJoined() {
    List<LabelledText> rows = new ArrayList<>(rows(1));
    rows.add(new LabelledText(9001, "The  same text", "ok", false, "x"));
    rows.add(new LabelledText(9002, "the same text ", "ok", false, "y"));
    rows.add(new LabelledText(9003, "another", "ok", false, "y"));
    Split split = new GroupSplitter(SHARES, 1).split(rows, "data");
    assertThat(split.groups())
        .isEqualTo(new GroupSplitter(SHARES, 1).split(rows(1), "data").groups() + 1);
    assertThat(
            split.parts().values().stream()
                .filter(part -> part.stream().anyMatch(row -> row.row() > 9000)))
        .hasSize(1);
  }

  @Test
  void split_tooFewGroupsOfALabel_saysWhichPartLacksWhat() {
    List<LabelledText> rows = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      rows.add(new LabelledText(i, "t" + i, "ok", false, "g" + i));
    }
    for (int i = 0; i < 40; i++) {
      rows.add(new LabelledText(1000 + i, "p" + i, "bad", true, "only"));
    }
    assertThatThrownBy(() -> new GroupSplitter(SHARES, 1).split(rows, "data.csv"))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("data.csv: expected at least 3 groups of positive rows in the")
        .hasMessageContaining("part, found ");
  }

  @Test
  void new_sharesThatAreNotAWhole_refused() {
    assertThatThrownBy(() -> new Shares(Map.of(Part.TRAIN, 1.0), SHARES.other()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static double count(List<LabelledText> rows, boolean positive) {
    return rows.stream().filter(row -> row.positive() == positive).count();
  }

  /** Families of 1 to 9 rows; now and then a text that another family has too. */
  private static List<LabelledText> rows(long seed) {
    Random random = new Random(seed);
    List<LabelledText> rows = new ArrayList<>();
    for (int group = 0; group < 400; group++) {
      boolean positive = group % 4 == 0;
      int size = group % 3 == 0 ? 1 + random.nextInt(9) : 1;
      for (int i = 0; i < size; i++) {
        String text =
            random.nextInt(50) == 0
                ? "shared " + positive + random.nextInt(5)
                : "text " + rows.size();
        rows.add(
            new LabelledText(
                rows.size() + 1, text, positive ? "bad" : "ok", positive, "g" + group));
      }
    }
    return rows;
  }
}
