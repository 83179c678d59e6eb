package io.innerspan.signals.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackContentTest {
  static List<ProbePack> packs() {
    return List.of(TestPacks.full(), TestPacks.heads(), TestPacks.kinds());
  }

  static Stream<String> files() {
    return PackContent.of(TestPacks.full()).keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("packs")
  void read_ofAPacksContent_isThePack(ProbePack pack) throws Exception {
    assertThat(PackContent.read("a pack", PackContent.of(pack))).isEqualTo(pack);
  }

  @ParameterizedTest
  @MethodSource("files")
  void read_withAFileMissing_namesIt(String file) {
    Map<String, byte[]> content = PackContent.of(TestPacks.full());
    content.remove(file);

    assertThatThrownBy(() -> PackContent.read("a pack", content))
        .isInstanceOf(PackException.class)
        .hasMessageContainingAll("a pack", file);
  }

  @ParameterizedTest
  @ValueSource(strings = {PackImage.WEIGHTS, PackImage.GOLDEN})
  void read_withAFileChanged_isRefused(String file) {
    Map<String, byte[]> content = PackContent.of(TestPacks.full());
    byte[] bytes = content.get(file).clone();
    bytes[bytes.length / 2] ^= 1;
    content.put(file, bytes);

    assertThatThrownBy(() -> PackContent.read("a pack", content)).isInstanceOf(PackException.class);
  }
}
