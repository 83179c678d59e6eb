package io.innerspan.exporter.siem;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EcsDocumentTest {
  @Test
  void of_packAndTokenizer_haveTheirDigests() {
    assertThat(
            innerspan(
                Map.of(
                    "innerspan.pack_hash", "sha256:5f", "innerspan.tokenizer.hash", "sha256:da")))
        .isEqualTo(
            Map.of(
                "model", Map.of("name", "unnamed model"),
                "pack", Map.of("digest", "sha256:5f"),
                "tokenizer", Map.of("digest", "sha256:da")));
  }

  @Test
  void of_neither_leavesThemOut() {
    assertThat(innerspan(Map.of())).isEqualTo(Map.of("model", Map.of("name", "unnamed model")));
  }

  private static Object innerspan(Map<String, Object> attributes) {
    return EcsDocument.of(new Finding(Instant.EPOCH, "", "", attributes, Map.of()))
        .get("innerspan");
  }
}
