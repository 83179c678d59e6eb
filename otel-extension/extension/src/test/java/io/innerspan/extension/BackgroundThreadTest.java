package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class BackgroundThreadTest {
  private final BackgroundThread background = new BackgroundThread();

  @Test
  void execute_muchWork_runsItInOrderOnDaemonThreads() throws Exception {
    CountDownLatch done = new CountDownLatch(100);
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    LinkedBlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    for (int i = 0; i < 100; i++) {
      int number = i;
      background.execute(
          () -> {
            order.add(number);
            threads.add(Thread.currentThread());
            done.countDown();
          });
    }
    done.await();
    assertThat(order).isSorted().hasSize(100);
    assertThat(threads).allMatch(Thread::isDaemon);
  }

  @Test
  void execute_workThatFails_runsTheNext() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    background.execute(
        () -> {
          throw new IllegalStateException("expected by the test");
        });
    background.execute(done::countDown);
    done.await();
    assertThat(done.getCount()).isZero();
  }

  @Test
  void execute_afterTheThreadEnded_beginsAnother() throws Exception {
    LinkedBlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
    background.execute(() -> threads.add(Thread.currentThread()));
    Thread first = threads.take();
    first.join();
    background.execute(() -> threads.add(Thread.currentThread()));
    assertThat(threads.take()).isNotSameAs(first);
  }
}
