package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventRoomTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND);
  private final EventRoom room = new EventRoom(now::get);

  @Test
  void take_atOnce_isABurst() {
    assertThat(room.take(16)).isEqualTo(16);
    assertThat(room.take(10_000)).isEqualTo(EventRoom.BURST - 16);
    assertThat(room.take(1)).isZero();
  }

  @Test
  void take_later_isWhatTimeHasGivenBack() {
    room.take(EventRoom.BURST);
    now.addAndGet(SECOND);
    assertThat(room.take(10_000)).isEqualTo(EventRoom.PER_SECOND);
    now.addAndGet(SECOND / 2);
    assertThat(room.take(10_000)).isEqualTo(EventRoom.PER_SECOND / 2);
    now.addAndGet(1_000 * SECOND);
    assertThat(room.take(10_000)).isEqualTo(EventRoom.BURST);
  }

  @Test
  void take_afterAClockThatJumps_isNeverMoreThanABurst_andComesBack() {
    room.take(EventRoom.BURST);
    now.addAndGet(-1_000_000 * SECOND);
    assertThat(room.take(1)).isZero();
    now.addAndGet(SECOND);
    assertThat(room.take(10_000)).isEqualTo(EventRoom.PER_SECOND);
    now.addAndGet(1_000_000 * SECOND);
    assertThat(room.take(10_000)).isEqualTo(EventRoom.BURST);
  }

  /** What the SDK's queue of 2,048 holds while an export hangs for ten seconds. */
  @Test
  void take_overTenSeconds_leavesRoomForOthersInTheSdksQueue() {
    int taken = 0;
    for (int i = 0; i < 10_000; i++) {
      taken += room.take(16);
      now.addAndGet(SECOND / 1_000);
    }
    assertThat(taken).isBetween(1_990, 2_000);
  }

  @Test
  void crossings_thatThereIsNoRoomFor_areCountedAndLeaveTheOtherEvents() {
    try (Backend backend = new Backend(RecorderSettings.all(), Sampler.alwaysOn(), now::get)) {
      ModelTelemetry model = backend.model();
      Packs.on(model, List.of(Packs.probe("injection", 0.5)));
      for (int i = 0; i < EventRoom.BURST + 500; i++) {
        model.start(1, -1).end(new float[] {Packs.NINE_TENTHS, 1}, 1, null);
      }
      model.restored(List.of("injection"));

      List<LogRecordData> events = backend.events();
      assertThat(events).hasSize(EventRoom.BURST + 1);
      assertThat(events.get(EventRoom.BURST).getEventName()).isEqualTo("innerspan.signal.restored");
      Attributes minilm = Attributes.of(Keys.MODEL_NAME, "minilm");
      assertThat(backend.counter("innerspan.probe.crossing.held_back", minilm)).isEqualTo(500);
      assertThat(
              backend.counter(
                  "innerspan.probe.threshold_crossing",
                  minilm.toBuilder()
                      .put(AttributeKey.stringKey("innerspan.probe.id"), "injection")
                      .build()))
          .isEqualTo(EventRoom.BURST + 500);
    }
  }

  /** Of a batch the highest scores; the last event says how many have none. */
  @Test
  void crossings_ofABatchWithTooLittleRoom_areTheHighest() {
    try (Backend backend = new Backend(RecorderSettings.all(), Sampler.alwaysOn(), now::get)) {
      ModelTelemetry model = backend.model();
      Packs.on(model, List.of(Packs.probe("injection", 0.5)));
      for (int i = 0; i < EventRoom.BURST - 1; i++) {
        model.start(1, -1).end(new float[] {Packs.NINE_TENTHS, 1}, 1, null);
      }
      model.start(3, -1).end(new float[] {1, 1, 3, 1, 2, 1}, 3, null);

      List<LogRecordData> events = backend.events();
      Attributes last = events.get(events.size() - 1).getAttributes();
      assertThat(events).hasSize(EventRoom.BURST);
      assertThat(last.get(Keys.BATCH_ROW)).isEqualTo(1);
      assertThat(last.get(Keys.OMITTED_CROSSINGS)).isEqualTo(2);
    }
  }
}
