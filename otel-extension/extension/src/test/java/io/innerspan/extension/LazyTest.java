package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LazyTest {
  @Test
  void get_byManyThreadsAtOnce_makesOneValue() throws Exception {
    int threads = 8;
    AtomicInteger made = new AtomicInteger();
    Lazy<Object> lazy =
        new Lazy<>(
            () -> {
              made.incrementAndGet();
              return new Object();
            });
    CyclicBarrier together = new CyclicBarrier(threads);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Object>> values = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        values.add(
            executor.submit(
                () -> {
                  together.await();
                  return lazy.get();
                }));
      }
      for (Future<Object> value : values) {
        assertThat(value.get()).isSameAs(lazy.get());
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(made).hasValue(1);
  }
}
