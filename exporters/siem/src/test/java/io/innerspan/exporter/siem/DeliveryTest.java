package io.innerspan.exporter.siem;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.exporter.siem.Target.Receipt;
import io.innerspan.semconv.DeliveryDropReason;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class DeliveryTest {
  private final List<Long> pauses = Collections.synchronizedList(new ArrayList<>());
  private final List<String> taken = Collections.synchronizedList(new ArrayList<>());
  private final Drops drops = new Drops();
  private Delivery delivery;

  @AfterEach
  void close() {
    delivery.close();
  }

  @Test
  void accept_everythingTaken_arrivesOnceAndInOrder() {
    start(1000, this::take);
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      sent.add("f" + i);
      delivery.accept(finding("f" + i));
    }
    assertThat(flushed()).isTrue();
    assertThat(taken).isEqualTo(sent);
    for (DeliveryDropReason reason : DeliveryDropReason.values()) {
      assertThat(drops.count(reason)).isZero();
    }
  }

  @Test
  void accept_notNow_comesAgainWithLongerPauses() {
    Deque<Integer> failures = new ConcurrentLinkedDeque<>(List.of(1, 2, 3, 4, 5, 6, 7, 8));
    start(
        10,
        findings -> {
          Integer failure = failures.poll();
          if (failure == null) {
            return take(findings);
          }
          if (failure % 2 == 0) {
            throw new IOException("connection refused");
          }
          return Receipt.later(findings);
        });
    delivery.accept(finding("only"));
    assertThat(flushed()).isTrue();
    assertThat(taken).containsExactly("only");
    assertThat(pauses).containsExactly(1000L, 2000L, 4000L, 8000L, 16000L, 32000L, 60000L, 60000L);
  }

  @Test
  void accept_refused_isGivenUpAndTheNextIsSent() {
    start(10, findings -> taken.isEmpty() && refuse() ? Receipt.refused(findings) : take(findings));
    delivery.accept(finding("bad"));
    assertThat(flushed()).isTrue();
    delivery.accept(finding("good"));
    assertThat(flushed()).isTrue();
    assertThat(taken).containsExactly("good");
    assertThat(drops.count(DeliveryDropReason.REFUSED)).isOne();
    assertThat(pauses).isEmpty();
  }

  @Test
  void accept_someNotNow_onlyTheseComeAgain() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch together = new CountDownLatch(1);
    start(
        10,
        findings -> {
          if (taken.isEmpty()) {
            begun.countDown();
            together.await();
          }
          if (findings.size() < 3) {
            return take(findings);
          }
          take(findings.subList(0, 1));
          return new Receipt(findings.subList(2, 3), 1);
        });
    delivery.accept(finding("before"));
    begun.await();
    List.of("good", "bad", "late").forEach(id -> delivery.accept(finding(id)));
    together.countDown();
    assertThat(flushed()).isTrue();
    assertThat(taken).containsExactly("before", "good", "late");
    assertThat(drops.count(DeliveryDropReason.REFUSED)).isOne();
    assertThat(pauses).containsExactly(1000L);
  }

  private int refusals;

  private boolean refuse() {
    return refusals++ == 0;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void accept_faultOfOurs_doesNotEndTheThread(boolean error) {
    start(
        10,
        findings -> {
          if (refuse()) {
            if (error) {
              throw new NoClassDefFoundError("a class that is not there");
            }
            throw new IllegalStateException("a fault");
          }
          return take(findings);
        });
    delivery.accept(finding("first"));
    assertThat(flushed()).isTrue();
    delivery.accept(finding("second"));
    assertThat(flushed()).isTrue();
    assertThat(taken).containsExactly("second");
    assertThat(drops.count(DeliveryDropReason.NOT_ENCODED)).isOne();
    assertThat(drops.count(DeliveryDropReason.REFUSED)).isZero();
  }

  @Test
  void accept_targetHangs_dropsAndCountsWithoutWaiting() throws InterruptedException {
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch entered = new CountDownLatch(1);
    start(
        10,
        findings -> {
          entered.countDown();
          hanging.await();
          return take(findings);
        });
    delivery.accept(finding("first"));
    entered.await();
    for (int i = 0; i < 100; i++) {
      delivery.accept(finding("f" + i));
    }
    assertThat(drops.count(DeliveryDropReason.MEMORY_FULL)).isEqualTo(90);
    hanging.countDown();
    assertThat(flushed()).isTrue();
    assertThat(taken).hasSize(11);
  }

  @Test
  void close_whileNothingIsTaken_failsTheFlush() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    start(
        10,
        findings -> {
          entered.countDown();
          new CountDownLatch(1).await();
          return Receipt.taken();
        });
    delivery.accept(finding("never"));
    entered.await();
    CompletableResultCode flush = delivery.flush();
    delivery.close();
    assertThat(flush.join(10, TimeUnit.SECONDS).isSuccess()).isFalse();
    assertThat(drops.count(DeliveryDropReason.ENDED)).isOne();
    delivery.accept(finding("late"));
    assertThat(drops.count(DeliveryDropReason.ENDED)).isEqualTo(2);
    assertThat(drops.count(DeliveryDropReason.MEMORY_FULL)).isZero();
  }

  private void start(int capacity, Target target) {
    delivery = new Delivery(target, capacity, pauses::add, drops);
    delivery.start();
  }

  private Receipt take(List<Finding> findings) {
    findings.forEach(finding -> taken.add(finding.text("innerspan.finding.id")));
    return Receipt.taken();
  }

  private boolean flushed() {
    return delivery.flush().join(20, TimeUnit.SECONDS).isSuccess();
  }

  private static Finding finding(String id) {
    return new Finding(Instant.EPOCH, "", "", Map.of("innerspan.finding.id", id), Map.of());
  }
}
