package io.innerspan.onnxruntime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.testing.models.TransformerFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadStartTest {
  private final Work work = new Work();
  private RecordingModel observer;

  @BeforeEach
  void observe() throws Exception {
    observer = new RecordingModel(TransformerFixture.postNorm().bytes(), List.of(), null);
  }

  @Test
  void result_ofWorkThatNobodyBegan_isMadeByTheCaller_once() throws Exception {
    AtomicInteger times = new AtomicInteger();
    HeadStart<Thread> begun =
        HeadStart.of(
            () -> {
              times.incrementAndGet();
              return Thread.currentThread();
            },
            work,
            observer);
    assertThat(begun.result()).isSameAs(Thread.currentThread());
    work.doAll();
    assertThat(begun.result()).isSameAs(Thread.currentThread());
    assertThat(times).hasValue(1);
  }

  @Test
  void result_inAnInterruptedThread_canReadFiles_andTheInterruptIsKept(@TempDir Path folder)
      throws Exception {
    Path file = Files.write(folder.resolve("model"), new byte[] {7});
    HeadStart<Integer> begun =
        HeadStart.of(
            () -> {
              ByteBuffer read = ByteBuffer.allocate(2);
              try (FileChannel channel = FileChannel.open(file)) {
                return channel.read(read);
              }
            },
            work,
            observer);
    Thread.currentThread().interrupt();
    try {
      assertThat(begun.result()).isEqualTo(1);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void result_ofWorkUnderWay_isWaitedFor_andAnInterruptIsKept() throws Exception {
    Thread caller = Thread.currentThread();
    CountDownLatch underWay = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    HeadStart<Thread> begun =
        HeadStart.of(
            () -> {
              underWay.countDown();
              interrupted.await();
              while (caller.getState() != Thread.State.WAITING) {
                Thread.onSpinWait(); // Until it waits in spite of the interrupt.
              }
              return Thread.currentThread();
            },
            task -> new Thread(task, "worker").start(),
            observer);
    underWay.await();
    caller.interrupt();
    interrupted.countDown();
    assertThat(begun.result().getName()).isEqualTo("worker");
    assertThat(Thread.interrupted()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void result_ofWorkThatFails_throwsWhatItThrew(boolean ahead) {
    for (Throwable failure :
        new Throwable[] {
          new IOException("io"), new IllegalArgumentException("argument"), new LinkageError("link")
        }) {
      HeadStart<String> begun =
          HeadStart.of(
              () -> {
                if (failure instanceof Error error) {
                  throw error;
                }
                throw (Exception) failure;
              },
              ahead ? Runnable::run : work,
              observer);
      assertThatThrownBy(begun::result).isSameAs(failure);
    }
    HeadStart<String> other =
        HeadStart.of(
            () -> {
              throw new Exception("other");
            },
            work,
            observer);
    assertThatThrownBy(other::result)
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("other");
    assertThat(observer.faults).isEmpty();
  }

  @Test
  void executor_thatFails_isTold_andTheCallerDoesTheWork() throws Exception {
    RejectedExecutionException rejected = new RejectedExecutionException("full");
    HeadStart<Integer> begun =
        HeadStart.of(
            () -> 7,
            task -> {
              throw rejected;
            },
            observer);
    assertThat(begun.result()).isEqualTo(7);
    assertThat(observer.faults).containsExactly(rejected);
  }
}
