package io.innerspan.djl.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.innerspan.djl.fixtures.Torch;
import io.innerspan.djl.golden.InputNames;
import io.innerspan.signals.ReadingLayout;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptTrialTest {
  private static ScriptTrial trial(boolean repeatable) {
    return new ScriptTrial(
        new RewrittenScript(
            new ReadingLayout(List.of()),
            Map.of(),
            new float[0],
            List.of(),
            InputNames.ofParameters(List.of("x"), 1),
            repeatable,
            false));
  }

  private static NDArray named(NDManager manager, String name, float... values) {
    NDArray array = manager.create(values);
    array.setName(name);
    return array;
  }

  @Test
  void trial_ofEqualOutputs_isOverAfterThree() {
    try (NDManager manager = Torch.manager()) {
      ScriptTrial trial = trial(true);
      for (int i = 0; i < 3; i++) {
        assertThat(trial.isOver()).isFalse();
        NDList original = new NDList(manager.create(new float[] {1, Float.NaN}));
        NDList captured = new NDList(manager.create(new float[] {1, Float.NaN}));
        assertThat(trial.compare(original, captured)).isNull();
      }
      assertThat(trial.isOver()).isTrue();
    }
  }

  @Test
  void compare_oneBitDiffers_isSaid() {
    try (NDManager manager = Torch.manager()) {
      ScriptTrial trial = trial(true);
      NDArray same = manager.create(new int[] {1, 2});
      NDArray zero = manager.create(new float[] {0});
      NDArray minusZero = manager.create(new float[] {-0f});
      assertThat(trial.compare(new NDList(same, zero), new NDList(same, minusZero)))
          .isEqualTo("output 1: expected the same bits, found others");
      assertThat(trial.isOver()).isFalse();
    }
  }

  @Test
  void compare_otherForm_isSaid() {
    try (NDManager manager = Torch.manager()) {
      NDArray floats = manager.create(new float[] {1, 2});
      NDArray longs = manager.create(new long[] {1, 2});
      assertThat(trial(true).compare(new NDList(floats), new NDList(longs)))
          .isEqualTo("output 0: expected float32(2), found int64(2)");
      assertThat(trial(true).compare(new NDList(floats), new NDList()))
          .isEqualTo("expected outputs: 1, found 0");
    }
  }

  @Test
  void compare_namedOutputsInAnotherOrder_areTheSame() {
    try (NDManager manager = Torch.manager()) {
      NDList original = new NDList(named(manager, "a", 1), named(manager, "b", 2));
      NDList captured = new NDList(named(manager, "b", 2), named(manager, "a", 1));
      assertThat(trial(true).compare(original, captured)).isNull();
    }
  }

  @Test
  void trial_ofModelThatIsNotRepeatable_isOverAtOnce() {
    assertThat(trial(false).isOver()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "    self.hidden = torch.tanh(x)",
        "    (self.cell).hidden = torch.tanh(x)",
        "    _0 = torch.add_(x, 1)",
        "    _0 = torch.rand([2, 3])",
        "  cache : List[Tensor]\n    _0 = torch.append(cache, x)",
      })
  void code_thatKeepsSomething_isNotRepeatable(String line) {
    assertThat(code(line).isRepeatable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "    hidden = (self.cell).forward(x, )",
        "    _0 = torch.append(parts, x)",
        "    _1 = torch.add(x, torch.mul(y, 2), alpha=1)",
        "    ops.prim.RaiseException(\"expected self.mode = 1\")",
        "    if torch.eq(self.mode, \"a\"):",
      })
  void code_thatKeepsNothing_isRepeatable(String line) {
    assertThat(code(line).isRepeatable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_0 = torch.rand([2, 3])",
        "_0 = torch.randn_like(x)",
        "_0 = torch.bernoulli(x)",
        "_0 = torch.uniform_(x, 0., 1.)",
        "_0 = torch.log_normal_(x)",
      })
  void code_thatDrawsNumbers_isRandom(String line) {
    assertThat(code("    " + line).isRandom()).isTrue();
    assertThat(code("    " + line).isRepeatable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "_0 = torch.dropout(x, 0.1, False)",
        "_0 = torch.norm(x)",
        "self.hidden = torch.tanh(x)",
        "_0 = torch.add_(x, 1)",
      })
  void code_thatDrawsNone_isNotRandom(String line) {
    assertThat(code("    " + line).isRandom()).isFalse();
  }

  private static ScriptCode code(String line) {
    return new ScriptCode(
        Map.of(
            "code/__torch__/model.py", "class Model(Module):\n  def forward(self, x):\n" + line));
  }
}
