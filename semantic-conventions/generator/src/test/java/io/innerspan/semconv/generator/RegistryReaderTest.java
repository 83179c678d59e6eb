package io.innerspan.semconv.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryReaderTest {
  private static final String MANIFEST =
      """
      schema_url: https://example.com/schemas/0.1.0
      description: A registry.
      stability: development
      """;
  private static final String DEFINITIONS =
      """
      file_format: definition/2
      attributes:
        - key: innerspan.model.name
          type: string
          stability: development
          brief: The model.
          examples: ["a"]
        - key: innerspan.fault.place
          type:
            members:
              - id: run
                value: run
                brief: Running.
                stability: development
          stability: development
          brief: The place.
        - key: innerspan.batch.row
          type: int
          stability: development
          brief: The row.
          examples: [1]
      metrics:
        - name: innerspan.inference.duration
          instrument: histogram
          unit: s
          stability: development
          brief: How long.
          annotations:
            explicit_bucket_boundaries: [0.1, 1]
          attributes:
            - ref: innerspan.model.name
              requirement_level: required
            - ref: innerspan.fault.place
              requirement_level:
                conditionally_required: if there is one
      events:
        - name: innerspan.probe.crossed
          stability: development
          brief: Crossed.
          annotations:
            severity: WARN
          attributes:
            - ref: innerspan.batch.row
              requirement_level: required
            - ref: event.name
              brief: The name.
              requirement_level: required
              examples: ["innerspan.probe.crossed"]
      spans:
        - type: innerspan.inference
          kind: internal
          stability: development
          brief: A call.
          name:
            note: inference {innerspan.model.name}
          annotations:
            operation: inference
          attributes:
            - ref: innerspan.model.name
              requirement_level: required
      """;

  private Path folder;

  @BeforeEach
  void manifest(@TempDir Path temporary) throws IOException {
    folder = temporary;
    Files.writeString(folder.resolve("manifest.yaml"), MANIFEST);
  }

  @Test
  void read_wellFormed_givesEverything() throws IOException {
    Registry registry = read(DEFINITIONS);

    assertThat(registry.attributes())
        .extracting(AttributeDefinition::key)
        .containsExactly("innerspan.model.name", "innerspan.fault.place", "innerspan.batch.row");
    assertThat(registry.signals())
        .extracting(Signal::name)
        .containsExactly(
            "innerspan.inference", "innerspan.inference.duration", "innerspan.probe.crossed");
    assertThat(registry.metrics().get(0).boundaries()).containsExactly(0.1, 1.0);
    assertThat(registry.metrics().get(0).attributes().get(1).condition())
        .isEqualTo("if there is one");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "definition/2 | definition/1 | definition/1",
        "brief: The model. | breif: The model. | brief: expected a text, found nothing",
        "stability: development | stability: devel | one of",
        "key: innerspan.batch.row | key: innerspan.model.name | twice",
        "key: innerspan.batch.row | key: innerspan.batchRow | snake_case",
        "key: innerspan.batch.row | key: batch.row | snake_case",
        "key: innerspan.batch.row | key: innerspan.model.name.row | no namespace",
        "ref: innerspan.batch.row | ref: innerspan.batch.line | innerspan.batch.line",
        "- ref: innerspan.batch.row | - ref: innerspan.model.name | no use of it",
        "unit: s | unit: seconds | unit such as",
        "unit: s | unit: '{rows}' | singular",
        "name: innerspan.inference.duration | name: innerspan.inference_total | _total",
        "name: innerspan.inference.duration | name: innerspan.probe.crossed | twice",
        "[0.1, 1] | [1, 0.1] | ascending",
        "[0.1, 1] | [] | boundaries",
        "[0.1, 1] | [low, high] | numbers",
        "instrument: histogram | instrument: counter | boundaries",
        "instrument: histogram | instrument: timer | one of",
        "kind: internal | kind: inner | one of",
        "severity: WARN | severity: LOUD | one of",
        "requirement_level: required | requirement_level: needed | one of",
        "value: run | value: Run! | snake_case",
        "type: int | type: integer | one of",
        "examples: [1] | note: A row. | examples",
        "brief: The name. | note2: The name. | no key of this name",
        "type: string | type: double | closed sets",
      })
  void read_brokenRule_isRefused(String wellFormed, String broken, String message) {
    assertThat(DEFINITIONS).contains(wellFormed);

    assertThatThrownBy(() -> read(DEFINITIONS.replace(wellFormed, broken)))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining(message);
  }

  @Test
  void read_duplicateKey_isRefused() {
    assertThatThrownBy(() -> read("file_format: definition/2\nfile_format: definition/2\n"))
        .hasMessageContaining("duplicate key");
  }

  @Test
  void read_manifestWithoutUrl_isRefused() throws IOException {
    Files.writeString(folder.resolve("manifest.yaml"), "stability: development\n");

    assertThatThrownBy(() -> read(DEFINITIONS)).hasMessageContaining("manifest.yaml.schema_url");
  }

  private Registry read(String definitions) throws IOException {
    Files.writeString(folder.resolve("all.yaml"), definitions);
    return RegistryReader.read(folder);
  }
}
