package io.innerspan.workbench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupBootstrapTest {
  @Test
  void interval_ofAMean_isAsWideAsTheNormalApproximation() {
    int n = 400;
    GroupBootstrap bootstrap = new GroupBootstrap(singletons(n), 1);
    Interval mean = bootstrap.interval(times -> half(times));
    // Half of the rows are 1: the standard error is .5 / 20 = .025.
    assertThat(mean.value()).isEqualTo(.5);
    assertThat(mean.low()).isEqualTo(.5 - 1.96 * .025, within(.01));
    assertThat(mean.high()).isEqualTo(.5 + 1.96 * .025, within(.01));
  }

  @Test
  void interval_copiesInGroups_doNotNarrowIt() {
    List<String> groups = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      groups.add("g" + i % 20);
    }
    GroupBootstrap bootstrap = new GroupBootstrap(groups, 1);
    // Rows of a group agree: 20 independent values, standard error .5 / √20 = .112.
    Interval mean = bootstrap.interval(times -> half(times));
    assertThat(mean.high() - mean.low()).isEqualTo(2 * 1.96 * .112, within(.05));
  }

  @Test
  void interval_rowsOfAGroup_comeTogether() {
    GroupBootstrap bootstrap = new GroupBootstrap(List.of("a", "b", "a"), 5);
    Interval difference = bootstrap.interval(times -> times[0] - times[2]);
    assertThat(difference).isEqualTo(new Interval(0, 0, 0));
  }

  @Test
  void interval_sameSeed_isTheSame() {
    Interval first = new GroupBootstrap(singletons(50), 9).interval(times -> half(times));
    Interval second = new GroupBootstrap(singletons(50), 9).interval(times -> half(times));
    assertThat(first).isEqualTo(second);
  }

  @Test
  void interval_drawnAnew_isThatOfDrawsThatAreKept() {
    List<String> groups = singletons(300);
    Interval kept = new GroupBootstrap(groups, 3).interval(times -> half(times));
    GroupBootstrap without = new GroupBootstrap(groups, 3, 0);

    assertThat(without.interval(times -> half(times))).isEqualTo(kept);
    assertThat(without.interval(times -> half(times))).as("paired").isEqualTo(kept);
  }

  @Test
  void interval_statisticWithoutNumber_leavesThatResampleOut() {
    GroupBootstrap bootstrap = new GroupBootstrap(List.of("a", "b"), 1);
    Interval share = bootstrap.interval(times -> times[0] == 0 ? Double.NaN : 1);
    assertThat(share).isEqualTo(new Interval(1, 1, 1));
  }

  private static List<String> singletons(int n) {
    List<String> groups = new ArrayList<>(IntStream.range(0, n).mapToObj(i -> "g" + i).toList());
    Collections.reverse(groups);
    return groups;
  }

  /** The mean of rows of which every second is 1. */
  private static double half(int[] times) {
    double ones = 0;
    double all = 0;
    for (int i = 0; i < times.length; i++) {
      ones += i % 2 == 0 ? times[i] : 0;
      all += times[i];
    }
    return ones / all;
  }
}
