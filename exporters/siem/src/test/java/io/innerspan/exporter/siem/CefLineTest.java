package io.innerspan.exporter.siem;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CefLineTest {
  @Test
  void of_aThresholdFinding_isTheKnownLine() {
    Finding finding =
        new Finding(
            Instant.parse("2026-11-22T02:21:16.250Z"),
            "01010101010101010101010101010101",
            "0101010101010101",
            Map.of(
                "innerspan.finding.id", "5f",
                "innerspan.finding.dedup_key", "a9",
                "innerspan.finding.kind", "threshold",
                "innerspan.finding.severity", "high",
                "innerspan.finding.score", 0.9731,
                "innerspan.finding.threshold", 0.84,
                "innerspan.finding.tags", List.of("owasp:LLM01"),
                "innerspan.monitor.id", "prompt_injection",
                "innerspan.model.name", "minilm",
                "security_rule.version", "1.0.0"),
            Map.of("service.name", "embedding"));

    assertThat(CefLine.of(finding))
        .isEqualTo(
            "CEF:0|Innerspan|Innerspan|1.0.0|threshold|threshold: prompt_injection on minilm|8"
                + "|rt=1795314076250 externalId=5f cat=threshold cnt=1 cs1Label=model cs1=minilm"
                + " cs3Label=monitor cs3=prompt_injection cs4Label=dedupKey cs4=a9"
                + " cs5Label=traceId cs5=01010101010101010101010101010101"
                + " cfp1Label=score cfp1=0.9731 cfp2Label=threshold cfp2=0.84"
                + " flexString1Label=tags flexString1=[\"owasp:LLM01\"] sourceServiceName=embedding");
  }

  @Test
  void of_packAndTokenizer_haveTheirDigests() {
    Finding finding =
        new Finding(
            Instant.EPOCH,
            "",
            "",
            Map.of("innerspan.pack_hash", "sha256:5f", "innerspan.tokenizer.hash", "sha256:da"),
            Map.of("host.name", "node-7"));
    assertThat(CefLine.of(finding))
        .endsWith(
            " flexString2Label=packDigest flexString2=sha256:5f fname=tokenizer.json"
                + " fileHash=sha256:da dvchost=node-7");
  }

  // The examples of the implementation standard, and what they leave open.
  @ParameterizedTest
  @CsvSource({
    "detected a | in packet, detected a \\| in packet",
    "detected a \\ in packet, detected a \\\\ in packet",
    "detected a = in packet, detected a = in packet",
    "\\|, \\\\\\|"
  })
  void header_escapesPipeAndBackslash(String value, String escaped) {
    assertThat(CefLine.header(value)).isEqualTo(escaped);
  }

  @ParameterizedTest
  @CsvSource({
    "detected a = in packet, detected a \\= in packet",
    "detected a \\ in packet, detected a \\\\ in packet",
    "detected a | in packet, detected a | in packet",
    "\\=, \\\\\\="
  })
  void escaped_escapesEqualsAndBackslash(String value, String escaped) {
    assertThat(CefLine.escaped(value)).isEqualTo(escaped);
  }

  @Test
  void lineBreaks_endNoLine() {
    assertThat(CefLine.header("a\r\nb\nc\rd")).isEqualTo("a b c d");
    assertThat(CefLine.escaped("a\r\nb\nc\rd")).isEqualTo("a\\nb\\nc\\nd");
  }

  @Test
  void escaped_anyText_readsBackAsItself() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      String text = text(random, "\\=|\n ab漢");
      String escaped = CefLine.escaped(text);
      assertThat(escaped).doesNotContain("\n").doesNotContainPattern("(?<!\\\\)(\\\\\\\\)*=");
      assertThat(unescaped(escaped)).isEqualTo(text);
    }
  }

  @Test
  void header_anyText_hasNoBarePipe() {
    Random random = new Random(8);
    for (int round = 0; round < 20_000; round++) {
      String text = text(random, "\\=| ab漢");
      String header = CefLine.header(text);
      assertThat(header).doesNotContainPattern("(?<!\\\\)(\\\\\\\\)*\\|");
      assertThat(unescaped(header)).isEqualTo(text);
    }
  }

  @Test
  void of_hostileNames_keepsSevenFieldsBeforeTheExtension() {
    Finding finding =
        new Finding(
            Instant.EPOCH,
            "",
            "",
            Map.of("innerspan.finding.kind", "a|b\\x", "innerspan.monitor.id", "x\n|CEF:0|\\|"),
            Map.of());
    String line = CefLine.of(finding);
    assertThat(line).doesNotContain("\n");
    // Bars need no escape in the extension, which is what the eighth field is.
    assertThat(line.split("(?<!\\\\)\\|", 8)[7]).startsWith("rt=0 externalId= cat=a|b\\\\x cnt=1 ");
  }

  private static String text(Random random, String alphabet) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  /** As a receiver reads a value. */
  private static String unescaped(String value) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char next = value.charAt(i);
      if (next == '\\') {
        char escaped = value.charAt(++i);
        text.append(escaped == 'n' ? '\n' : escaped);
      } else {
        text.append(next);
      }
    }
    return text.toString();
  }
}
