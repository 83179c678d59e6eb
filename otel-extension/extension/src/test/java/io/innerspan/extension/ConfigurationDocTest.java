package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code -Dconfiguration.docs=write} brings the document up to date. */
class ConfigurationDocTest {
  private static final Path DOCUMENT = Path.of("../../docs/configuration.md");

  @Test
  void table_ofTheDocument_isWhatTheSettingsSay() throws IOException {
    String document = Files.readString(DOCUMENT);
    String expected = SettingsTable.replaceIn(document);
    if (System.getProperty("configuration.docs", "check").equals("write")) {
      Files.writeString(DOCUMENT, expected);
      return;
    }
    assertThat(document)
        .as("docs/configuration.md; rewrite it with -Dconfiguration.docs=write")
        .isEqualTo(expected);
  }

  @Test
  void table_hasARowForEachSetting() {
    assertThat(SettingsTable.render().lines()).hasSize(Setting.values().length + 2);
  }
}
