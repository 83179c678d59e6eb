package io.innerspan.signals.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FiringWindowTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void add_toAWindowOfACount_isWhatTheLastReadingsSay() {
    FiringWindow window = new FiringWindow(new Window(100, 0, 10));
    ArrayDeque<Boolean> last = new ArrayDeque<>();
    Random random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      boolean fires = random.nextInt(4) == 0;
      window.add(fires, i);
      last.add(fires);
      if (last.size() > 100) {
        last.remove();
      }
      long firing = last.stream().filter(each -> each).count();
      assertThat(window.count()).isEqualTo(last.size());
      assertThat(window.firing()).isEqualTo(firing);
      if (i < 9) {
        assertThat(window.rate()).isNaN();
      } else {
        assertThat(window.rate()).isEqualTo((double) firing / last.size());
      }
    }
    assertThat(window.since(1_000)).isBetween(898L, 902L);
  }

  @Test
  void add_toAWindowOfTime_forgetsWhatIsOlder() {
    FiringWindow window = new FiringWindow(Window.ofSeconds(60, 1));
    for (int i = 0; i < 600; i++) {
      window.add(i >= 300, i * SECOND);
      assertThat(window.count()).isEqualTo(Math.min(i + 1, 60));
    }
    assertThat(window.rate()).isEqualTo(1);
    assertThat(window.since(600 * SECOND)).isEqualTo(540 * SECOND);
  }

  @Test
  void add_withAClockThatJumps_countsNothingTwiceAndForgetsNothingNew() {
    FiringWindow window = new FiringWindow(Window.ofSeconds(60, 1));
    Random random = new Random(2);
    for (int i = 0; i < 10_000; i++) {
      long jump = random.nextInt(50) == 0 ? random.nextLong() / 4 : random.nextInt(300) * SECOND;
      window.add(i % 2 == 0, jump);
      assertThat(window.count()).isPositive();
      assertThat(window.firing()).isBetween(0L, window.count());
      assertThat(window.since(jump)).isLessThanOrEqualTo(jump);
    }
    // Once the clock is right again, the window is what came since.
    for (int i = 0; i < 120; i++) {
      window.add(false, i * SECOND);
    }
    assertThat(window.count()).isEqualTo(60);
    assertThat(window.firing()).isZero();
  }
}
