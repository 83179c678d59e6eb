package io.innerspan.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearProbeTest {
  @Test
  void weight_changedArrays_leaveTheProbeAlone() {
    float[] weight = {1, 2};
    LinearProbe probe = probe("p", weight, 0, "a", "b");
    weight[0] = 9;
    probe.weight()[1] = 9;

    assertThat(probe.weight()).containsExactly(1, 2);
    assertThat(probe.weight(1)).isEqualTo(2);
    assertThat(probe.width()).isEqualTo(2);
  }

  @Test
  void equals_sameWeights_areEqual() {
    LinearProbe probe = probe("p", new float[] {1, 2}, 0, "a", "b");

    assertThat(probe).isEqualTo(probe("p", new float[] {1, 2}, 0, "a", "b"));
    assertThat(probe).hasSameHashCodeAs(probe("p", new float[] {1, 2}, 0, "a", "b"));
    assertThat(probe).isNotEqualTo(probe("p", new float[] {1, 3}, 0, "a", "b"));
    assertThat(probe).isNotEqualTo(probe("p", new float[] {1, 2}, 1, "a", "b"));
    assertThat(probe).hasToString("LinearProbe[p at h, mean, 2 wide]");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void constructor_notFinite_isRefused(float value) {
    assertThatThrownBy(() -> probe("p", new float[] {0, value}, 0, "a", "b"))
        .isInstanceOf(InvalidValueException.class)
        .hasMessage("weight[1]: expected a finite number, found " + value);
    assertThatThrownBy(() -> probe("p", new float[] {0}, value, "a", "b"))
        .hasMessage("bias: expected a finite number, found " + value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "1a", "_a", "a-b", "a.b", "ä", "a b", "a\n"})
  void constructor_idOutsideThePattern_isRefused(String id) {
    assertThatThrownBy(() -> probe(id, new float[] {0}, 0, "a", "b")).hasMessageContaining("id");
    assertThatThrownBy(() -> ActivationSummary.norm(id, new HookPoint("h")))
        .hasMessageStartingWith("id: expected [a-z][a-z0-9_]{0,63}, found ");
  }

  @Test
  void constructor_otherFaults_areRefused() {
    assertThatThrownBy(() -> probe("p", new float[0], 0, "a", "b"))
        .hasMessage("weight: expected at least 1 value, found 0");
    assertThatThrownBy(() -> probe("p", new float[1], 0, "a", "a"))
        .hasMessage("labels: expected two different ones, found 'a' twice");
    assertThatThrownBy(() -> probe("p", new float[1], 0, " ", "b"))
        .hasMessageStartingWith("labels.positive: ");
    assertThatThrownBy(() -> probe("p", new float[1], 0, "a", "b".repeat(65)))
        .hasMessageStartingWith("labels.negative: ");
    assertThatThrownBy(() -> probe("p".repeat(65), new float[1], 0, "a", "b"))
        .hasMessageStartingWith("id: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "a\nb", "a\u0000"})
  void hookPoint_unfitName_isRefused(String name) {
    assertThatThrownBy(() -> new HookPoint(name))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("hook_point: ");
  }

  private static LinearProbe probe(
      String id, float[] weight, float bias, String positive, String negative) {
    return new LinearProbe(
        id,
        new HookPoint("h"),
        Pooling.MEAN,
        weight,
        bias,
        new Calibration.None(),
        null,
        positive,
        negative);
  }
}
