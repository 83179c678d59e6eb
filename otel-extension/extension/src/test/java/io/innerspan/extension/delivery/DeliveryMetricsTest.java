package io.innerspan.extension.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.exporter.siem.SiemExporterProvider;
import io.innerspan.exporter.siem.SiemMetrics;
import io.innerspan.semconv.DeliveryDropReason;
import io.innerspan.semconv.DeliverySignal;
import io.innerspan.semconv.generator.AttributeDefinition.Member;
import io.innerspan.semconv.generator.AttributeReference;
import io.innerspan.semconv.generator.MetricDefinition;
import io.innerspan.semconv.generator.Registry;
import io.innerspan.semconv.generator.RegistryReader;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.autoconfigure.spi.internal.DefaultConfigProperties;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.logs.TestLogRecordData;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds what the delivery emits to the registry, both ways. */
class DeliveryMetricsTest {
  private static final Logger DROPS = Logger.getLogger(Drops.class.getName());

  private static final Logger SIEM = Logger.getLogger("io.innerspan.exporter.siem");

  @TempDir Path temporary;

  @Test
  void metrics_emitted_areTheRegistrys() throws Exception {
    Registry registry =
        RegistryReader.read(Path.of("..", "..", "semantic-conventions", "registry"));
    List<MetricDefinition> expected =
        registry.metrics().stream()
            .filter(metric -> metric.name().startsWith("innerspan.delivery."))
            .toList();

    Collection<MetricData> emitted = emitEverything();

    assertThat(emitted.stream().map(MetricData::getName))
        .containsExactlyInAnyOrderElementsOf(
            expected.stream().map(MetricDefinition::name).toList());
    for (MetricDefinition metric : expected) {
      MetricData data =
          emitted.stream().filter(m -> m.getName().equals(metric.name())).findFirst().orElseThrow();
      assertThat(data.getUnit()).isEqualTo(metric.unit());
      assertThat(data.getDescription()).isEqualTo(metric.brief());
      assertThat(data.getType().name())
          .isEqualTo(metric.instrument().equals("gauge") ? "LONG_GAUGE" : "LONG_SUM");
      for (AttributeReference reference : metric.attributes()) {
        assertThat(values(data, reference.key())).isEqualTo(members(registry, reference.key()));
      }
      assertThat(data.getData().getPoints())
          .allMatch(point -> point.getAttributes().size() == metric.attributes().size());
    }
  }

  private Collection<MetricData> emitEverything() throws IOException {
    Delivery delivery =
        new Delivery(
            new DeliverySettings(temporary, 0, 0),
            folder -> RequestFolder.create(folder, 1),
            () -> 0,
            fault -> {});
    delivery.open(
        (body, items) -> CompletableResultCode.ofSuccess(), List.of(DeliverySignal.values()));
    DROPS.setLevel(Level.OFF);
    for (DeliverySignal signal : DeliverySignal.values()) {
      for (DeliveryDropReason reason : DeliveryDropReason.values()) {
        delivery.drops().add(signal, reason, 1, "");
      }
    }
    DROPS.setLevel(null);
    dropFindingsForTheSiem();
    InMemoryMetricReader reader = InMemoryMetricReader.create();
    try (SdkMeterProvider meters =
        SdkMeterProvider.builder().registerMetricReader(reader).build()) {
      DeliveryMetrics.register(meters.get("test"), delivery);
      SiemMetrics.register(meters.get("test"));
      return reader.collectAllMetrics();
    }
  }

  /** The SIEM is not there, one finding waits, and one is being sent: the others find no place. */
  private static void dropFindingsForTheSiem() throws IOException {
    SIEM.setLevel(Level.OFF);
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    LogRecordExporter exporter =
        new SiemExporterProvider()
            .createExporter(
                DefaultConfigProperties.createFromMap(
                    Map.of(
                        "otel.exporter.innerspan.siem.endpoint",
                        "tcp://127.0.0.1:" + port,
                        "otel.exporter.innerspan.siem.queue",
                        "1")));
    LogRecordData finding =
        TestLogRecordData.builder()
            .setAttributes(Attributes.of(AttributeKey.stringKey("event.name"), "innerspan.finding"))
            .build();
    exporter.export(Collections.nCopies(10, finding));
    exporter.shutdown();
  }

  private static Set<String> values(MetricData data, String key) {
    return data.getData().getPoints().stream()
        .map(PointData::getAttributes)
        .map((Attributes attributes) -> attributes.get(AttributeKey.stringKey(key)))
        .collect(Collectors.toSet());
  }

  private static Set<String> members(Registry registry, String key) {
    return registry.attributes().stream()
        .filter(attribute -> attribute.key().equals(key))
        .flatMap(attribute -> attribute.members().stream())
        .map(Member::value)
        .collect(Collectors.toSet());
  }
}
