package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.workbench.data.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class EngineOptionsTest {
  @Test
  void djl_isWhatIsSaid_elseTheDefault() {
    assertThat(options().djl(true)).isTrue();
    assertThat(options().djl(false)).isFalse();
    assertThat(options("--engine", "djl").djl(false)).isTrue();
    assertThat(options("--engine", "onnxruntime").djl(true)).isFalse();
  }

  @Test
  void inputNames_areForDjlAlone() {
    EngineOptions options = options("--input-names", "a,b");

    assertThat(options.djl(true)).isTrue();
    assertThat(options.inputNames).containsExactly("a", "b");
    assertThatThrownBy(() -> options.djl(false))
        .isInstanceOf(BadInput.class)
        .hasMessage("--input-names: expected it with --engine djl only");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "capture"})
  void help_ofEachCommand_saysTheDefault(String command) {
    Command help = Command.run(command, "--help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out().replaceAll("\\s+", " "))
        .contains("--input-names=N[,N...]")
        .contains(
            "(default: onnxruntime, or with 'train --store' what the store was captured with)");
  }

  private static EngineOptions options(String... args) {
    EngineOptions options = new EngineOptions();
    new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(args);
    return options;
  }
}
