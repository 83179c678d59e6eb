package io.innerspan.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PlacementsTest {
  private static final int THREADS = 4;
  private static final int TIMES = 2_000;

  /** What lies on a device, and whether it is freed. */
  private static final class Placed implements AutoCloseable {
    private volatile boolean freed;

    @Override
    public void close() {
      freed = true;
    }
  }

  @Test
  void closed_whileItIsUsed_isFreedWithTheLastUse() {
    Placements<Placed> placements = new Placements<>();
    Placed first = placements.take(Device.cpu(), Placed::new);
    assertThat(placements.take(Device.cpu(), Placed::new)).isSameAs(first);
    placements.close();
    placements.close();
    assertThat(placements.take(Device.cpu(), Placed::new)).isNull();
    placements.release();
    assertThat(first.freed).isFalse();
    placements.release();
    assertThat(first.freed).isTrue();
  }

  @Test
  void notPlaced_isNotTaken() {
    Placements<Placed> placements = new Placements<>();
    IllegalStateException failure = new IllegalStateException("no memory");
    assertThatThrownBy(
            () ->
                placements.take(
                    Device.cpu(),
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    Placed there = placements.take(Device.cpu(), Placed::new);
    placements.release();
    placements.close();
    assertThat(there.freed).isTrue();
  }

  @Test
  void takenByManyThreadsWhileItIsClosed_isNeverFreedInUse_norLeft() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      for (int time = 0; time < TIMES; time++) {
        Placements<Placed> placements = new Placements<>();
        AtomicInteger made = new AtomicInteger();
        AtomicInteger wrong = new AtomicInteger();
        List<Placed> all = new ArrayList<>();
        Runnable inference =
            () -> {
              Placed there =
                  placements.take(
                      Device.cpu(),
                      () -> {
                        Placed placed = new Placed();
                        synchronized (all) {
                          all.add(placed);
                        }
                        made.incrementAndGet();
                        return placed;
                      });
              if (there != null) {
                wrong.addAndGet(there.freed ? 1 : 0);
                placements.release();
              }
            };
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 1; thread < THREADS; thread++) {
          running.add(threads.submit(inference));
        }
        running.add(threads.submit(placements::close));
        for (Future<?> each : running) {
          each.get();
        }
        assertThat(wrong).hasValue(0);
        assertThat(made.get()).isLessThanOrEqualTo(1);
        assertThat(all).allMatch(placed -> placed.freed);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
