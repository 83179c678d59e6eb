package io.innerspan.onnxruntime.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BackgroundThreadTest {
  private final BackgroundThread background = new BackgroundThread(1);
  private final CountDownLatch certified = new CountDownLatch(1);

  @Test
  void whenQuiet_whileModelIsOpened_waitsUntilItIs() throws Exception {
    background.opening();
    background.opening();
    background.whenQuiet(certified::countDown);
    otherWork(100);
    background.opened();
    otherWork(100);
    assertThat(certified.getCount()).isEqualTo(1);
    background.opened();
    assertThat(certified.await(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void whenQuiet_cancelledMeanwhile_isForgotten() throws Exception {
    background.opening();
    FutureTask<?> task = new FutureTask<>(() -> {}, null);
    background.whenQuiet(task);
    assertThat(waiting()).isEqualTo(1);
    task.cancel(false);
    otherWork(100);
    assertThat(waiting()).isZero();
  }

  @Test
  void whenQuiet_nothingOpened_runs() throws Exception {
    background.whenQuiet(certified::countDown);
    assertThat(certified.await(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void execute_whileModelIsOpened_runsInDaemonThread() throws Exception {
    background.opening();
    background.execute(
        () -> {
          if (Thread.currentThread().isDaemon()
              && Thread.currentThread().getContextClassLoader() == null) {
            certified.countDown();
          }
        });
    assertThat(certified.await(1, TimeUnit.MINUTES)).isTrue();
  }

  /** As the thread itself sees it, between two pieces of work. */
  private int waiting() throws Exception {
    FutureTask<Integer> count = new FutureTask<>(background::waiting);
    background.execute(count);
    return count.get(1, TimeUnit.MINUTES);
  }

  /** Has the thread do other things, between which it comes to whatever is due. */
  private void otherWork(int times) throws InterruptedException {
    for (int i = 0; i < times; i++) {
      CountDownLatch done = new CountDownLatch(1);
      background.execute(done::countDown);
      assertThat(done.await(1, TimeUnit.MINUTES)).isTrue();
    }
  }
}
