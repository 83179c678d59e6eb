package io.innerspan.exporter.siem;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a finding of each kind becomes, line for line as in the files that the collector's test
 * compares its own mapping with. {@code -Dsiem.expected=write} writes them anew.
 */
class RecordedFindingsTest {
  @ParameterizedTest
  @EnumSource(FindingFormat.class)
  void write_recordedFindings_isWhatTheCollectorMakesOfThem(FindingFormat format)
      throws IOException {
    List<String> written = RecordedFindings.read().stream().map(format::write).toList();
    Path file = RecordedFindings.FOLDER.resolve("expected-" + format.name().toLowerCase() + ".txt");
    if ("write".equals(System.getProperty("siem.expected"))) {
      Files.write(file, written);
    }
    assertThat(written).isEqualTo(Files.readAllLines(file));
  }

  @Test
  void ocsf_recordedFindings_areValidByThePublishedSchema() throws IOException {
    JsonSchema schema = schema();
    for (Finding finding : RecordedFindings.read()) {
      assertThat(schema.validate(FindingFormat.OCSF.write(finding), InputFormat.JSON))
          .as(finding.kind())
          .isEmpty();
    }
  }

  @Test
  void ocsfSchema_aFindingWithoutItsInfo_isNotValid() throws IOException {
    var document =
        JsonParser.parseString(FindingFormat.OCSF.write(RecordedFindings.read().get(0)))
            .getAsJsonObject();
    document.remove("finding_info");
    assertThat(schema().validate(document.toString(), InputFormat.JSON)).hasSize(1);
  }

  @Test
  void ocsfSchema_anAttributeThatIsNotInTheClass_isNotValid() throws IOException {
    var document =
        JsonParser.parseString(FindingFormat.OCSF.write(RecordedFindings.read().get(0)))
            .getAsJsonObject();
    document.addProperty("model", "minilm");
    assertThat(schema().validate(document.toString(), InputFormat.JSON)).hasSize(1);
  }

  private static JsonSchema schema() throws IOException {
    try (InputStream in =
        RecordedFindingsTest.class.getResourceAsStream(
            "/ocsf-1.8.0-detection_finding.schema.json")) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(in);
    }
  }
}
