package io.innerspan.recorder.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTextTest {
  @Test
  void values_areJson() {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("text", "a \"b\"\\\n\u0001");
    value.put("number", 1.5);
    value.put("list", Arrays.asList(true, null, List.of()));
    value.put("other", new StringBuilder("x"));

    assertThat(JsonText.of(value, 1000))
        .isEqualTo(
            "{\"text\":\"a \\\"b\\\"\\\\\\n \",\"number\":1.5,\"list\":[true,null,[]],\"other\":\"x\"}");
  }

  @Test
  void values_beyondTheLimit_areLeftOut() {
    assertThat(JsonText.of(List.of("a".repeat(1000), "b"), 10)).hasSizeLessThan(20);
  }

  @Test
  void valuesWithinThemselves_end() {
    List<Object> loop = new ArrayList<>();
    loop.add(loop);

    assertThat(JsonText.of(loop, 1 << 20)).contains("…");
  }
}
