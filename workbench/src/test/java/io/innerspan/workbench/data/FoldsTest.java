package io.innerspan.workbench.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FoldsTest {
  @Test
  void of_groups_keepsThemWholeAndDealsBothLabelsEvenly() {
    List<String> groups = new ArrayList<>();
    boolean[] positive = new boolean[200];
    for (int i = 0; i < 200; i++) {
      groups.add("g" + i / 2);
      positive[i] = i < 60;
    }

    int[] fold = Folds.of(groups, positive, 5, 1);

    int[][] counts = new int[5][2];
    for (int i = 0; i < 200; i++) {
      assertThat(fold[i]).isEqualTo(fold[i / 2 * 2]);
      counts[fold[i]][positive[i] ? 1 : 0]++;
    }
    assertThat(counts)
        .isDeepEqualTo(new int[][] {{28, 12}, {28, 12}, {28, 12}, {28, 12}, {28, 12}});
    assertThat(Folds.of(groups, positive, 5, 1)).isEqualTo(fold);
    assertThat(Folds.of(groups, positive, 5, 2)).isNotEqualTo(fold);
    assertThat(Folds.groups(groups, positive, true)).isEqualTo(30);
  }
}
