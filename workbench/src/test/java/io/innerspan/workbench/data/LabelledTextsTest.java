package io.innerspan.workbench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledTextsTest {
  @TempDir private Path folder;

  @Test
  void read_quotesCommasAndLineBreaks_areOfTheText() throws IOException {
    List<LabelledText> rows =
        read(
            "text,label,family\r\n\"say \"\"hi\"\", then\r\nstop\",bad,f1\r\nfine,ok,\r\n",
            "family");
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).text()).isEqualTo("say \"hi\", then\r\nstop");
    assertThat(rows.get(0).positive()).isTrue();
    assertThat(rows.get(0).group()).isEqualTo("f1");
    assertThat(rows.get(1).positive()).isFalse();
    assertThat(rows.get(1).row()).isEqualTo(2);
  }

  @Test
  void read_emptyGroupCells_areGroupsOfOne() throws IOException {
    List<LabelledText> rows = read("text,label,family\na,bad,\nb,ok,\nc,ok,1\n", "family");
    assertThat(rows.stream().map(LabelledText::group).distinct()).hasSize(3);
  }

  @Test
  void read_noGroupColumn_makesEveryRowItsOwnGroup() throws IOException {
    List<LabelledText> rows = read("text,label\na,bad\nb,ok\n", null);
    assertThat(rows.stream().map(LabelledText::group).distinct()).hasSize(2);
  }

  @Test
  void read_byteOrderMark_isNotOfTheHeader() throws IOException {
    assertThat(read("\uFEFFtext,label\na,bad\nb,ok\n", null)).hasSize(2);
  }

  @Test
  void read_missingColumn_namesFileExpectedAndActual() {
    assertThatThrownBy(() -> read("words,label\na,bad\n", null))
        .isInstanceOf(BadInput.class)
        .hasMessage(file() + ": expected a column named 'text', found the columns [words, label]");
  }

  @Test
  void read_positiveLabelNotThere_namesTheLabels() {
    assertThatThrownBy(() -> read("text,label\na,good\nb,ok\n", null))
        .hasMessage(file() + ": expected rows with the label 'bad', found the labels [good, ok]");
  }

  @Test
  void read_onlyThePositiveLabel_refused() {
    assertThatThrownBy(() -> read("text,label\na,bad\nb,bad\n", null))
        .hasMessage(file() + ": expected rows with another label than 'bad', found none");
  }

  @Test
  void read_oneTextWithTwoLabels_namesBothRecords() {
    assertThatThrownBy(() -> read("text,label\na,bad\na,ok\n", null))
        .hasMessageContaining("'bad' in record 1 and 'ok' in record 2");
  }

  @Test
  void read_shortRecord_refused() {
    assertThatThrownBy(() -> read("text,label\na,bad\nb\n", null))
        .hasMessage(file() + ": expected 2 fields in record 2, found 1");
  }

  @Test
  void read_openQuote_refused() {
    assertThatThrownBy(() -> read("text,label\n\"a,bad\n", null))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith(file() + ": expected a CSV file by RFC 4180");
  }

  @Test
  void read_emptyFile_refused() {
    assertThatThrownBy(() -> read("", null)).hasMessageContaining("found an empty file");
  }

  @Test
  void read_blankTextOrLabel_namesTheRecord() {
    assertThatThrownBy(() -> read("text,label\n  ,bad\n", null))
        .hasMessageContaining("a text in record 1");
    assertThatThrownBy(() -> read("text,label\na,\n", null))
        .hasMessageContaining("a label in record 1");
  }

  @Test
  void read_bytesThatAreNotUtf8_refused() throws IOException {
    Files.write(file(), "text,label\ncaf\u00e9,bad\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> LabelledTexts.read(file(), "text", "label", "bad", null))
        .hasMessage(file() + ": expected text in UTF-8, found bytes that are not UTF-8");
  }

  @Test
  void read_noFileOrADirectory_refused() {
    Path missing = folder.resolve("missing.csv");
    assertThatThrownBy(() -> LabelledTexts.read(missing, "text", "label", "bad", null))
        .hasMessage(missing + ": expected a file, found nothing there");
    assertThatThrownBy(() -> LabelledTexts.read(folder, "text", "label", "bad", null))
        .hasMessage(folder + ": expected a file, found a directory");
  }

  private Path file() {
    return folder.resolve("data.csv");
  }

  private List<LabelledText> read(String content, @Nullable String groups) throws IOException {
    Files.writeString(file(), content);
    return LabelledTexts.read(file(), "text", "label", "bad", groups);
  }
}
