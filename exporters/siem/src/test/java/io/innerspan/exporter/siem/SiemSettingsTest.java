package io.innerspan.exporter.siem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.autoconfigure.spi.internal.DefaultConfigProperties;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiemSettingsTest {
  private static final String ENDPOINT = "otel.exporter.innerspan.siem.endpoint";

  @Test
  void of_endpointAlone_hasTheDefaults() {
    assertThat(SiemSettings.of(properties(Map.of(ENDPOINT, "file:/var/log/findings.jsonl"))))
        .isEqualTo(
            new SiemSettings(
                URI.create("file:/var/log/findings.jsonl"),
                FindingFormat.OCSF,
                HttpProtocol.NDJSON,
                Map.of(),
                1000));
  }

  @Test
  void of_everything_isRead() {
    assertThat(
            SiemSettings.of(
                properties(
                    Map.of(
                        ENDPOINT,
                        "https://splunk.example.com:8088/services/collector",
                        "otel.exporter.innerspan.siem.format",
                        "ECS",
                        "otel.exporter.innerspan.siem.protocol",
                        "hec",
                        "otel.exporter.innerspan.siem.headers",
                        "Authorization=Splunk 1234",
                        "otel.exporter.innerspan.siem.queue",
                        "5"))))
        .isEqualTo(
            new SiemSettings(
                URI.create("https://splunk.example.com:8088/services/collector"),
                FindingFormat.ECS,
                HttpProtocol.HEC,
                Map.of("Authorization", "Splunk 1234"),
                5));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'expected http(s)://host…, file:/path, or tcp, tls or udp://host:port, found '",
    "ftp://x, ftp://x",
    "tcp://host, tcp://host",
    "https:///path, https:///path",
    "file:/, file:/",
    "a b, 'expected an address, found a b'"
  })
  void createExporter_wrongEndpoint_saysWhatIsExpected(String endpoint, String message) {
    assertThatThrownBy(
            () -> new SiemExporterProvider().createExporter(properties(Map.of(ENDPOINT, endpoint))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(ENDPOINT)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"format, leef", "protocol, kafka", "queue, 0", "queue, 10000000"})
  void createExporter_wrongValue_saysWhatIsExpected(String setting, String value) {
    Map<String, String> settings =
        Map.of(ENDPOINT, "tcp://127.0.0.1:514", "otel.exporter.innerspan.siem." + setting, value);
    assertThatThrownBy(() -> new SiemExporterProvider().createExporter(properties(settings)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("otel.exporter.innerspan.siem." + setting + ": expected ")
        .hasMessageContaining(", found " + value);
  }

  @Test
  void provider_isForJava8_sinceTheSdkLoadsItThere() throws IOException {
    try (DataInputStream in =
        new DataInputStream(
            SiemExporterProvider.class.getResourceAsStream("SiemExporterProvider.class"))) {
      in.skipNBytes(6);
      assertThat(in.readUnsignedShort()).isEqualTo(52);
    }
    assertThat(new SiemExporterProvider().getName()).isEqualTo(SiemSettings.NAME);
  }

  private static ConfigProperties properties(Map<String, String> settings) {
    return DefaultConfigProperties.createFromMap(new HashMap<>(settings));
  }
}
