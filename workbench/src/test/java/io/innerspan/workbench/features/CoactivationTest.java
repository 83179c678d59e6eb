package io.innerspan.workbench.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CoactivationTest {
  @Test
  void partners_ofFeaturesThatAreActiveTogether() {
    Coactivation coactivation = new Coactivation(6);
    for (int token = 0; token < 40; token++) {
      // 1 and 4 always together, 2 on half of their tokens, 3 alone, 0 and 5 never.
      coactivation.add(token % 2 == 0 ? new int[] {1, 2, 4} : new int[] {1, 4});
      coactivation.add(new int[] {3});
    }
    int[] clusters = new int[6];

    List<List<Neighbour>> partners = coactivation.partners(0.9, clusters);

    assertThat(partners.get(1)).containsExactly(new Neighbour(4, 1), new Neighbour(2, .5));
    assertThat(partners.get(4)).containsExactly(new Neighbour(1, 1), new Neighbour(2, .5));
    assertThat(partners.get(2)).containsExactly(new Neighbour(1, .5), new Neighbour(4, .5));
    assertThat(partners.get(3)).isEmpty();
    assertThat(clusters).containsExactly(0, 1, 2, 3, 1, 5);
  }

  @Test
  void partners_clustersAreChained() {
    Coactivation coactivation = new Coactivation(3);
    for (int token = 0; token < 10; token++) {
      coactivation.add(new int[] {0, 1});
      coactivation.add(new int[] {1, 2});
    }
    int[] clusters = new int[3];

    assertThat(coactivation.partners(0.5, clusters).get(0)).containsExactly(new Neighbour(1, .5));
    assertThat(clusters).containsExactly(0, 0, 0);
  }

  @Test
  void strongest_isTheHeadOfTheSortedList() {
    Random random = new Random(1);
    for (int round = 0; round < 50; round++) {
      Strongest strongest = new Strongest(5);
      List<Neighbour> all = new ArrayList<>();
      for (int f = 0; f < random.nextInt(40); f++) {
        // Few values, so that there are ties.
        double strength = random.nextInt(6) / 5.0;
        all.add(new Neighbour(f, strength));
        strongest.offer(f, strength);
      }
      all.sort((a, b) -> Double.compare(b.strength(), a.strength()));
      assertThat(strongest.list()).isEqualTo(all.subList(0, Math.min(5, all.size())));
    }
  }
}
