package io.opentelemetry.javaagent.innerspan.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class WorkGateTest {
  private static final long LONG = 600_000;

  private final WorkGate gate = new WorkGate();

  @Test
  void enter_afterClosing_isRefused_andNotWaitedFor() {
    assertThat(gate.enter()).isTrue();
    gate.close();
    assertThat(gate.enter()).isFalse();
    assertThat(gate.isClosed()).isTrue();

    gate.leave();
    assertThat(gate.awaitEmpty(0)).isTrue();
  }

  @Test
  void awaitEmpty_withSomebodyInside_waitsUntilAllHaveLeft() throws Exception {
    gate.enter();
    gate.enter();
    gate.close();
    CountDownLatch waiting = new CountDownLatch(1);
    CompletableFuture<Boolean> empty =
        CompletableFuture.supplyAsync(
            () -> {
              waiting.countDown();
              return gate.awaitEmpty(LONG);
            });
    waiting.await();
    gate.leave();
    assertThat(empty).isNotDone();
    gate.leave();
    assertThat(empty.get()).isTrue();
  }

  @Test
  void awaitEmpty_forSomebodyWhoStays_givesUp() {
    gate.enter();
    gate.close();
    assertThat(gate.awaitEmpty(1)).isFalse();
  }

  @Test
  void awaitEmpty_ofAnInterruptedThread_givesUp_andKeepsTheInterrupt() {
    gate.enter();
    Thread.currentThread().interrupt();
    assertThat(gate.awaitEmpty(LONG)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }
}
