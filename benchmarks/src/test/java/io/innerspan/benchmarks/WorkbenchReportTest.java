package io.innerspan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkbenchReportTest {
  @Test
  void json_aRatio_hasItsInterval_andNothingElseHasOne() {
    WorkbenchCell capture =
        new WorkbenchCell("capture", "ONNX Runtime", 100, 4, new Estimate(.95, .9, 1));
    assertThat(WorkbenchReport.json(capture).toString())
        .isEqualTo(
            "{\"benchmark\":\"workbench\",\"what\":\"capture\",\"texts\":100,\"seconds\":4.0,"
                + "\"texts_per_second\":25.0,\"against\":\"ONNX Runtime\",\"speed_ratio\":0.95,"
                + "\"speed_low\":0.9,\"speed_high\":1.0}");
    WorkbenchCell train = new WorkbenchCell("train", null, 100, 4, null);
    assertThat(WorkbenchReport.json(train).has("speed_ratio")).isFalse();
    assertThat(WorkbenchReport.json(train).has("peak_mib")).isFalse();
    WorkbenchCell large = new WorkbenchCell("large", null, 100, 4, null, 700L);
    assertThat(WorkbenchReport.json(large).get("peak_mib").getAsLong()).isEqualTo(700);
  }

  @Test
  void write_bothSides_takeTurnsAndQuote(@TempDir Path folder) throws Exception {
    assertThat(WorkbenchTexts.areIn(folder)).isFalse();
    Files.writeString(
        folder.resolve(WorkbenchTexts.POSITIVE),
        "so \"fine\"\nd\u00e9j\u00e0 vu\n",
        StandardCharsets.ISO_8859_1);
    Files.writeString(folder.resolve(WorkbenchTexts.NEGATIVE), "bad\nbad\nworse\n");
    assertThat(WorkbenchTexts.areIn(folder)).isTrue();

    Path file = WorkbenchTexts.write(folder, 3, folder.resolve("texts.csv"));

    assertThat(Files.readString(file))
        .isEqualTo("text,label\n\"so \"\"fine\"\"\",yes\n\"bad\",no\n\"d\u00e9j\u00e0 vu\",yes\n");
  }

  @Test
  void repeat_fewRecords_beginsAnew(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("texts.csv"), "text,label\na,yes\nb,no\n");

    assertThat(WorkbenchTexts.repeat(file, 3)).hasContent("text,label\na,yes\nb,no\na,yes\n");
  }
}
