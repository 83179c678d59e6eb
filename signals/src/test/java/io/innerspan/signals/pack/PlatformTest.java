package io.innerspan.signals.pack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlatformTest {
  @Test
  void features_ofAnX86Processor_areThoseForArithmetic() {
    String cpuInfo =
        "processor\t: 0\nflags\t\t: fpu sse4_2 avx2 avx fma smep syscall amx_tile\n\n"
            + "processor\t: 1\nflags\t\t: fpu\n";
    assertThat(Platform.features(cpuInfo))
        .containsExactly("amx_tile", "avx", "avx2", "fma", "sse4_2");
  }

  @Test
  void features_ofAnArmProcessor_areThoseForArithmetic() {
    assertThat(Platform.features("Features\t: fp asimd crc32 asimddp sve i8mm bf16\n"))
        .containsExactly("asimd", "asimddp", "bf16", "i8mm", "sve");
  }

  @Test
  void features_ofAnotherSystem_areNone() {
    assertThat(Platform.features("")).isEmpty();
  }

  @Test
  void current_isTheSameEveryTime() {
    assertThat(Platform.current()).isEqualTo(Platform.current());
  }
}
