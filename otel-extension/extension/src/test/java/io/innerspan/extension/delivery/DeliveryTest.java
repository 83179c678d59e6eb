package io.innerspan.extension.delivery;

import static io.innerspan.extension.delivery.Stores.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.semconv.DeliverySignal;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryTest {
  private static final int PATIENCE = 60;

  @TempDir Path temporary;
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
  private final Transport receiver =
      (body, items) -> {
        received.add(new String(body, StandardCharsets.UTF_8));
        return CompletableResultCode.ofSuccess();
      };

  private Path directory() {
    return temporary.resolve("delivery");
  }

  private Delivery delivery() {
    return new Delivery(
        new DeliverySettings(directory(), 1 << 20, 1 << 20),
        folder -> RequestFolder.create(folder, 20),
        System::nanoTime,
        faults::add);
  }

  @AfterEach
  void noFault() {
    assertThat(faults).isEmpty();
  }

  @Test
  void open_signalOfAnotherExporter_isNotOpenedTwice() {
    Delivery delivery = delivery();
    assertThat(delivery.open(receiver, List.of(DeliverySignal.LOG))).hasSize(1);

    assertThat(delivery.open(receiver, List.of(DeliverySignal.FINDING, DeliverySignal.LOG)))
        .isNull();
    assertThat(delivery.open(receiver, List.of(DeliverySignal.FINDING))).hasSize(1);
  }

  @Test
  void wake_earlierJvmLeftSomething_isDeliveredWithoutAnythingNew() throws Exception {
    RequestFolder left = RequestFolder.create(directory(), 10);
    left.write(request(DeliverySignal.SPAN, "left"));
    left.close();
    Delivery delivery = delivery();
    delivery.open(receiver, List.of(DeliverySignal.SPAN));

    delivery.wake();

    assertThat(received.poll(PATIENCE, TimeUnit.SECONDS)).isEqualTo("left");
  }

  @Test
  void settle_oneSignalCloses_theOthersGoOn() throws Exception {
    Delivery delivery = delivery();
    Lane spans = delivery.open(receiver, List.of(DeliverySignal.SPAN)).get(DeliverySignal.SPAN);
    Lane findings =
        delivery.open(receiver, List.of(DeliverySignal.FINDING)).get(DeliverySignal.FINDING);
    spans.offer(request(DeliverySignal.SPAN, "span"));
    assertThat(delivery.settle(spans, true).join(PATIENCE, TimeUnit.SECONDS).isSuccess()).isTrue();

    assertThat(findings.offer(request(DeliverySignal.FINDING, "finding"))).isTrue();
    CompletableResultCode done = delivery.settle(findings, true);

    assertThat(done.join(PATIENCE, TimeUnit.SECONDS).isSuccess()).isTrue();
    assertThat(received).containsExactly("span", "finding");
    try (var folders = Files.list(directory())) {
      assertThat(folders).as("the folder is closed before the JVM goes on to end").isEmpty();
    }
  }

  @Test
  void shutdown_exporterWithTwoLanes_endsWhenBothHaveEnded() {
    Delivery delivery = delivery();
    boolean[] ended = new boolean[1];
    Transport exporter =
        (body, items) -> ended[0] ? CompletableResultCode.ofFailure() : receiver.send(body, items);
    DeliveryPoint point =
        new DeliveryPoint(exporter, List.of(DeliverySignal.FINDING, DeliverySignal.LOG));
    assertThat(point.isAlone()).isTrue();
    point.join(delivery);
    assertThat(point.isAlone()).isFalse();

    CompletableResultCode done =
        point.shutdown(
            () -> {
              ended[0] = true;
              return CompletableResultCode.ofSuccess();
            });

    assertThat(done.join(PATIENCE, TimeUnit.SECONDS).isSuccess()).isTrue();
    assertThat(ended[0]).isTrue();
  }
}
