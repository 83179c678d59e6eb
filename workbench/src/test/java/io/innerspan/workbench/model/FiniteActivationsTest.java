package io.innerspan.workbench.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.signals.HookPoint;
import io.innerspan.workbench.data.BadInput;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FiniteActivationsTest {
  private static final Path MODEL = Path.of("model.pt");
  private static final HookPoint LAYER = new HookPoint("layer");

  @Test
  void check_numbersOrNone_saysNothing() {
    float[][] tokens = {{0, -Float.MAX_VALUE}, {Float.MIN_VALUE, 1}};

    assertThatCode(() -> FiniteActivations.check(MODEL, tokens, LAYER, 0))
        .doesNotThrowAnyException();
    assertThatCode(() -> FiniteActivations.check(MODEL, new float[0][], LAYER, 0))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void check_others_areRefusedWithTheirPlace(float other) {
    float[][] tokens = {{0, 1}, {2, other}};

    assertThatThrownBy(() -> FiniteActivations.check(MODEL, tokens, LAYER, 6))
        .isInstanceOf(BadInput.class)
        .hasMessage(
            "model.pt: expected activations that are finite, found "
                + other
                + " at 'layer' in text 7");
  }
}
