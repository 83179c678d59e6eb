package io.innerspan.semconv.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.semconv.generator.AttributeDefinition.Member;
import io.innerspan.semconv.generator.AttributeDefinition.TemplateMember;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateTest {
  private static final String DOCUMENT =
      "# Telemetry\n\n<!-- generated: metrics -->\n<!-- end -->\n\nWritten by hand.\n";

  private Path file;

  @BeforeEach
  void document(@TempDir Path folder) throws IOException {
    file = Files.writeString(folder.resolve("telemetry.md"), DOCUMENT);
  }

  @Test
  void document_written_isUpToDateAndKeepsWhatPeopleWrote() throws IOException {
    Generate.document(registry("How long."), file, "write");
    Generate.document(registry("How long."), file, "check");

    assertThat(Files.readString(file))
        .startsWith("# Telemetry\n")
        .endsWith("<!-- end -->\n\nWritten by hand.\n")
        .contains("### `innerspan.inference.duration`", "How long.", "Unit: `s`", "0.5, 1")
        .contains("| `innerspan.model.name` | string | required | The model. | `a`; `b` |");
  }

  @Test
  void document_stale_failsWithTheCommandThatHelps() throws IOException {
    Generate.document(registry("How long."), file, "write");

    assertThatThrownBy(() -> Generate.document(registry("How very long."), file, "check"))
        .hasMessageContaining("stale")
        .hasMessageContaining("mvn -B -pl semantic-conventions -am compile -Dtelemetry.docs=write");
  }

  @Test
  void document_unknownSection_isRefused() throws IOException {
    Files.writeString(file, DOCUMENT.replace("metrics", "metricks"));

    assertThatThrownBy(() -> Generate.document(registry(""), file, "check"))
        .hasMessageContaining("metricks");
  }

  @Test
  void sources_ofMetric_holdNameUnitDescriptionAndBuckets() {
    assertThat(source("InnerspanMetrics"))
        .contains("String INFERENCE_DURATION = \"innerspan.inference.duration\";")
        .contains("String INFERENCE_DURATION_UNIT = \"s\";")
        .contains("String INFERENCE_DURATION_DESCRIPTION = \"Says \\\"how\\\" long.\";")
        .contains("List.of(0.5, 1.0)");
  }

  @Test
  void sources_ofAttributes_holdOursWithoutNamespaceAndOthersWhole() {
    assertThat(source("InnerspanAttributes"))
        .contains("String MODEL_NAME = \"innerspan.model.name\";")
        .contains("String ERROR_TYPE = \"error.type\";")
        .contains("String probeScore(String id)")
        .contains("return \"innerspan.probe.\" + id + \".score\";");
  }

  @Test
  void sources_ofClosedSet_areAnEnum() {
    assertThat(source("FaultPlace"))
        .contains("public enum FaultPlace {", "RUN(\"run\"),", "OTHER(\"_OTHER\");");
  }

  private static String source(String name) {
    return new JavaConstants(registry("Says \"how\" long."))
        .sources().stream()
            .filter(source -> source.className().equals(name))
            .findFirst()
            .orElseThrow()
            .text();
  }

  private static Registry registry(String brief) {
    AttributeDefinition model =
        new AttributeDefinition(
            "innerspan.model.name",
            "string",
            "The model.",
            "",
            List.of("a", "b"),
            List.of(),
            List.of());
    AttributeDefinition probe =
        new AttributeDefinition(
            "innerspan.probe",
            "template[any]",
            "The probe.",
            "",
            List.of(1),
            List.of(),
            List.of(new TemplateMember("score", "double", "The score.")));
    AttributeDefinition place =
        new AttributeDefinition(
            "innerspan.fault.place",
            "enum",
            "The place.",
            "",
            List.of(),
            List.of(new Member("run", "run", "Running."), new Member("other", "_OTHER", "Else.")),
            List.of());
    AttributeReference ofModel =
        new AttributeReference("innerspan.model.name", "required", "", "", List.of(), "string");
    AttributeReference ofError =
        new AttributeReference("error.type", "required", "", "The error.", List.of("e"), "string");
    MetricDefinition duration =
        new MetricDefinition(
            "innerspan.inference.duration",
            "histogram",
            "s",
            brief,
            "",
            List.of(0.5, 1.0),
            List.of(ofModel, ofError));
    return new Registry(List.of(model, probe, place), List.of(duration), List.of(), List.of());
  }
}
