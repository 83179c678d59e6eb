package io.innerspan.extension.delivery;

import static io.innerspan.extension.delivery.Stores.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.semconv.DeliveryDropReason;
import io.innerspan.semconv.DeliverySignal;
import io.opentelemetry.exporter.internal.FailedExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaneTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @TempDir Path temporary;
  private final Drops drops = new Drops();
  private final Receiver receiver = new Receiver();
  private long now;
  private long memory = 1000;

  private Lane lane(DeliverySignal signal) {
    return new Lane(
        signal,
        receiver,
        Stores.in(temporary.resolve("delivery"), 1 << 20, drops),
        drops,
        new Backoff(() -> 0),
        memory,
        () -> {});
  }

  private List<String> onDisk(DeliverySignal signal) throws Exception {
    Path directory = temporary.resolve("delivery");
    return Files.exists(directory) ? Stores.bodies(directory, signal) : List.of();
  }

  @Test
  void step_receiverTakesAll_nothingTouchesTheDisk() throws Exception {
    Lane lane = lane(DeliverySignal.SPAN);
    for (String body : List.of("a", "b", "c")) {
      lane.offer(request(DeliverySignal.SPAN, body));
    }

    for (int i = 0; i < 3; i++) {
      lane.step(now);
      receiver.accept();
    }
    lane.step(now);

    assertThat(receiver.received).containsExactly("a", "b", "c");
    assertThat(lane.memoryItems()).isZero();
    assertThat(temporary.resolve("delivery")).doesNotExist();
    assertThat(lane.step(now)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void step_receiverAway_allGoesToDiskAndComesBackInOrder() throws Exception {
    Lane lane = lane(DeliverySignal.SPAN);
    receiver.away(true);
    lane.offer(request(DeliverySignal.SPAN, "a"));
    lane.step(now);
    lane.offer(request(DeliverySignal.SPAN, "b"));
    lane.offer(request(DeliverySignal.SPAN, "c"));
    lane.step(now);

    assertThat(onDisk(DeliverySignal.SPAN)).containsExactly("a", "b", "c");
    assertThat(lane.memoryItems()).isZero();

    receiver.away(false);
    receiver.received.clear();
    now += SECOND;
    lane.step(now);
    lane.offer(request(DeliverySignal.SPAN, "d"));
    for (int i = 0; i < 4; i++) {
      receiver.accept();
      lane.step(now);
    }
    assertThat(receiver.received).containsExactly("a", "b", "c", "d");
    assertThat(onDisk(DeliverySignal.SPAN)).isEmpty();
  }

  @Test
  void step_receiverAway_waitsTwiceAsLongEachTimeUpToHalfAMinute() {
    Lane lane = lane(DeliverySignal.SPAN);
    receiver.away(true);
    lane.offer(request(DeliverySignal.SPAN, "a"));
    lane.step(now);

    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      long pause = lane.step(now);
      pauses.add(TimeUnit.NANOSECONDS.toMillis(pause));
      assertThat(receiver.received).as("nothing is sent before its time").hasSize(i + 1);
      now += pause;
      lane.step(now);
    }

    assertThat(pauses)
        .containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16000L, 30000L, 30000L, 30000L);
  }

  @Test
  void step_receiverHangs_spillsWhatComesAndWhatIsUnderWay() throws Exception {
    Lane lane = lane(DeliverySignal.SPAN);
    lane.offer(request(DeliverySignal.SPAN, "a"));
    assertThat(lane.step(now)).isEqualTo(SECOND);
    lane.offer(request(DeliverySignal.SPAN, "b"));
    now += SECOND;
    lane.step(now);

    assertThat(onDisk(DeliverySignal.SPAN)).containsExactly("a", "b");
    receiver.accept();
    lane.step(now);
    assertThat(onDisk(DeliverySignal.SPAN)).as("what arrived after all").containsExactly("b");
    assertThat(receiver.received).containsExactly("a", "b");
  }

  @Test
  void step_noAnswerForTwoMinutes_sendsAgain() {
    Lane lane = lane(DeliverySignal.SPAN);
    lane.offer(request(DeliverySignal.SPAN, "a"));
    lane.step(now);

    now += 121 * SECOND;
    now += lane.step(now);
    lane.step(now);

    assertThat(receiver.received).containsExactly("a", "a");
  }

  @Test
  void step_finding_isOnDiskBeforeItIsSent() throws Exception {
    Lane lane = lane(DeliverySignal.FINDING);
    lane.offer(request(DeliverySignal.FINDING, "a"));
    lane.step(now);

    assertThat(receiver.received).containsExactly("a");
    assertThat(onDisk(DeliverySignal.FINDING)).containsExactly("a");
    receiver.accept();
    lane.step(now);
    assertThat(onDisk(DeliverySignal.FINDING)).isEmpty();
  }

  @Test
  void offer_memoryFull_dropsAndCounts() throws Exception {
    Files.writeString(temporary.resolve("delivery"), "no folder");
    memory = 2;
    Lane lane = lane(DeliverySignal.LOG);
    receiver.away(true);

    assertThat(lane.offer(request(DeliverySignal.LOG, "a"))).isTrue();
    assertThat(lane.offer(request(DeliverySignal.LOG, "b"))).isTrue();
    lane.step(now);
    assertThat(lane.offer(request(DeliverySignal.LOG, "c"))).isFalse();

    assertThat(drops.count(DeliverySignal.LOG, DeliveryDropReason.MEMORY_FULL)).isEqualTo(1);
    assertThat(lane.memoryItems()).isEqualTo(2);
  }

  @Test
  void step_diskAtFault_keepsTheOrderInMemory() throws Exception {
    Files.writeString(temporary.resolve("delivery"), "no folder");
    Lane lane = lane(DeliverySignal.LOG);
    receiver.away(true);
    lane.offer(request(DeliverySignal.LOG, "a"));
    lane.step(now);
    lane.offer(request(DeliverySignal.LOG, "b"));
    now += lane.step(now);
    receiver.away(false);
    receiver.received.clear();

    for (int i = 0; i < 2; i++) {
      lane.step(now);
      receiver.accept();
    }

    assertThat(receiver.received).containsExactly("a", "b");
  }

  @Test
  void step_refused_isDroppedAndTheNextIsSent() {
    Lane lane = lane(DeliverySignal.SPAN);
    lane.offer(request(DeliverySignal.SPAN, "bad"));
    lane.offer(request(DeliverySignal.SPAN, "good"));
    lane.step(now);
    receiver.fail(http(400));
    lane.step(now);

    assertThat(receiver.received).containsExactly("bad", "good");
    assertThat(drops.count(DeliverySignal.SPAN, DeliveryDropReason.REFUSED)).isEqualTo(1);
  }

  @Test
  void step_largerThanTheExporterSends_isDroppedAndTheNextIsSent() {
    Lane lane = lane(DeliverySignal.SPAN);
    lane.offer(request(DeliverySignal.SPAN, "large"));
    lane.offer(request(DeliverySignal.SPAN, "small"));
    lane.step(now);
    String why = "Failed to export spans. Request body size 5 exceeded limit of 4 bytes";
    receiver.fail(FailedExportException.httpFailedExceptionally(new IOException(why)));
    lane.step(now);

    assertThat(receiver.received).containsExactly("large", "small");
    assertThat(drops.count(DeliverySignal.SPAN, DeliveryDropReason.REFUSED)).isEqualTo(1);
  }

  @Test
  void step_noAnswer_isTriedAgain() {
    Lane lane = lane(DeliverySignal.SPAN);
    lane.offer(request(DeliverySignal.SPAN, "a"));
    lane.step(now);
    receiver.fail(FailedExportException.grpcFailedExceptionally(new IOException("reset")));
    now += lane.step(now);
    lane.step(now);

    assertThat(receiver.received).containsExactly("a", "a");
  }

  @Test
  void step_doubtful_isTriedEightTimesAndThenDropped() {
    Lane lane = lane(DeliverySignal.FINDING);
    lane.offer(request(DeliverySignal.FINDING, "a"));
    lane.step(now);
    for (int i = 0; i < 8; i++) {
      receiver.fail(http(500));
      now += lane.step(now);
      lane.step(now);
    }

    assertThat(receiver.received).hasSize(8);
    assertThat(drops.count(DeliverySignal.FINDING, DeliveryDropReason.REFUSED)).isEqualTo(1);
    assertThat(lane.step(now)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void step_busyReceiver_isTriedWithoutEnd() throws Exception {
    Lane lane = lane(DeliverySignal.SPAN);
    lane.offer(request(DeliverySignal.SPAN, "a"));
    lane.step(now);
    for (int i = 0; i < 100; i++) {
      receiver.fail(http(i % 2 == 0 ? 429 : 503));
      now += lane.step(now);
      lane.step(now);
    }

    assertThat(receiver.received).hasSize(101);
    assertThat(onDisk(DeliverySignal.SPAN)).containsExactly("a");
  }

  @Test
  void step_damagedFile_isCountedAndTheNextIsSent() throws Exception {
    Lane lane = lane(DeliverySignal.SPAN);
    receiver.away(true);
    lane.offer(request(DeliverySignal.SPAN, "a"));
    lane.step(now);
    lane.offer(request(DeliverySignal.SPAN, "b"));
    now += lane.step(now);
    Path first =
        Stores.files(temporary).stream()
            .filter(file -> file.toString().endsWith(".span"))
            .findFirst()
            .orElseThrow();
    Files.write(first, new byte[] {0});
    receiver.away(false);
    receiver.received.clear();

    lane.step(now);

    assertThat(receiver.received).containsExactly("b");
    assertThat(drops.count(DeliverySignal.SPAN, DeliveryDropReason.DAMAGED)).isEqualTo(1);
  }

  @Test
  void settle_receiverTakesAll_isDoneWithoutTheDisk() {
    Lane lane = lane(DeliverySignal.SPAN);
    lane.offer(request(DeliverySignal.SPAN, "a"));
    CompletableResultCode done = lane.settle(now, false);
    lane.step(now);
    assertThat(done.isDone()).isFalse();

    receiver.accept();
    lane.step(now);
    lane.letGo();

    assertThat(done.isSuccess()).isTrue();
    assertThat(temporary.resolve("delivery")).doesNotExist();
  }

  @Test
  void settle_receiverTakesWhatIsOnDisk_isDoneWhenNothingIsLeft() throws Exception {
    Lane lane = lane(DeliverySignal.FINDING);
    lane.offer(request(DeliverySignal.FINDING, "a"));
    lane.offer(request(DeliverySignal.FINDING, "b"));
    CompletableResultCode done = lane.settle(now, true);
    for (int i = 0; i < 2; i++) {
      lane.step(now);
      lane.letGo();
      assertThat(done.isDone()).isFalse();
      receiver.accept();
    }
    lane.step(now);
    lane.letGo();

    assertThat(done.isSuccess()).isTrue();
    assertThat(receiver.received).containsExactly("a", "b");
    assertThat(onDisk(DeliverySignal.FINDING)).isEmpty();
  }

  @Test
  void settle_receiverAway_isDoneByTheDiskAtOnce() throws Exception {
    Lane lane = lane(DeliverySignal.SPAN);
    receiver.away(true);
    lane.offer(request(DeliverySignal.SPAN, "a"));
    CompletableResultCode done = lane.settle(now, true);
    lane.step(now);
    lane.step(now);
    lane.letGo();

    assertThat(done.isSuccess()).isTrue();
    assertThat(onDisk(DeliverySignal.SPAN)).containsExactly("a");
  }

  /** What was handed over just before the end is not forgotten because a step is under way. */
  @Test
  void settle_whileAStepFindsNothing_waitsForWhatWasTakenBefore() throws Exception {
    Lane lane = lane(DeliverySignal.FINDING);
    Field waiting = Lane.class.getDeclaredField("settlings");
    waiting.setAccessible(true);
    Thread step = new Thread(() -> lane.step(now));
    CompletableResultCode done;
    synchronized (waiting.get(lane)) {
      step.start();
      while (step.getState() != Thread.State.BLOCKED) {
        Thread.onSpinWait();
      }
      lane.offer(request(DeliverySignal.FINDING, "a"));
      done = lane.settle(now, true);
    }
    step.join();
    lane.letGo();
    assertThat(done.isDone()).isFalse();

    lane.step(now);
    receiver.accept();
    lane.step(now);
    lane.letGo();
    assertThat(done.isSuccess()).isTrue();
    assertThat(receiver.received).containsExactly("a");
  }

  @Test
  void settle_twoWait_bothGoOnWhenOneCloses() {
    Lane lane = lane(DeliverySignal.SPAN);
    lane.offer(request(DeliverySignal.SPAN, "a"));
    lane.step(now);
    CompletableResultCode closed = lane.settle(now, true);
    now += SECOND;
    CompletableResultCode flushed = lane.settle(now, false);
    now += Lane.GRACE - SECOND;
    lane.step(now);
    lane.letGo();

    assertThat(closed.isSuccess()).isTrue();
    assertThat(flushed.isSuccess()).isTrue();
    assertThat(lane.step(now)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void settle_receiverHangs_isDoneByTheDisk() throws Exception {
    Lane lane = lane(DeliverySignal.SPAN);
    lane.offer(request(DeliverySignal.SPAN, "a"));
    lane.step(now);
    lane.offer(request(DeliverySignal.SPAN, "b"));
    CompletableResultCode done = lane.settle(now, true);
    lane.step(now);
    assertThat(done.isDone()).isFalse();

    now += Lane.GRACE;
    lane.step(now);
    assertThat(done.isDone()).as("not before the folder is closed").isFalse();
    lane.letGo();

    assertThat(done.isSuccess()).isTrue();
    assertThat(onDisk(DeliverySignal.SPAN)).containsExactly("a", "b");
    assertThat(lane.isClosed()).isTrue();
    assertThat(lane.settle(now, true).isSuccess()).as("once more").isTrue();
    assertThat(lane.offer(request(DeliverySignal.SPAN, "late"))).isFalse();
  }

  @Test
  void settle_neitherReceiverNorDisk_failsAndSaysSo() throws Exception {
    Files.writeString(temporary.resolve("delivery"), "no folder");
    Lane lane = lane(DeliverySignal.SPAN);
    receiver.away(true);
    lane.offer(request(DeliverySignal.SPAN, "a"));
    lane.step(now);
    CompletableResultCode done = lane.settle(now, true);
    now += Lane.GRACE;
    lane.step(now);
    lane.letGo();

    assertThat(done.isDone()).isTrue();
    assertThat(done.isSuccess()).isFalse();
    assertThat(drops.count(DeliverySignal.SPAN, DeliveryDropReason.MEMORY_FULL)).isEqualTo(1);
  }

  private static Throwable http(int status) {
    return FailedExportException.httpFailedWithResponse(
        new HttpResponse() {
          @Override
          public int getStatusCode() {
            return status;
          }

          @Override
          public String getStatusMessage() {
            return "";
          }

          @Override
          public byte[] getResponseBody() {
            return new byte[0];
          }
        });
  }
}
