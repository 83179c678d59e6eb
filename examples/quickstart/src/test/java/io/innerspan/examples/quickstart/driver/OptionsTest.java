package io.innerspan.examples.quickstart.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
  @Test
  void parse_nothing_isTreesOfBuiltInTexts() {
    assertThat(Options.parse()).isEqualTo(new Options(false, List.of(), null, null));
  }

  @Test
  void parse_everything_keepsOrderAndOddTexts() {
    assertThat(
            Options.parse(
                "--text", "--json", "--json", "--text", "", "--agent", "a.jar", "--packs", "p"))
        .isEqualTo(new Options(true, List.of("--json", ""), Path.of("a.jar"), Path.of("p")));
  }

  @Test
  void parse_wrong_saysSoWithExitCode2() {
    assertThatThrownBy(() -> Options.parse("--jsn"))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(2))
        .hasMessageContaining("unknown option --jsn");
    assertThatThrownBy(() -> Options.parse("--text")).hasMessageContaining("--text needs a value");
  }
}
