package io.innerspan.djl.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.Gating;
import io.innerspan.djl.fixtures.Torch;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Reading;
import io.innerspan.signals.Signal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real scripted archive: the voice activity model Silero, which keeps a state in its attributes
 * and changes tensors in place. It takes a whole number, which no NDList can hold, so that its
 * methods are called through the engine's own interface.
 */
@EnabledIfSystemProperty(
    named = "innerspan.test.silero",
    matches = ".+",
    disabledReason = "no archive: give one with -Dinnerspan.test.silero=silero_vad.jit")
class SileroTest {
  private static final int SAMPLES = 512;
  private static final int RATE = 16000;
  private static final int STEPS = 12;

  @TempDir Path folder;

  @Test
  void outputs_ofARealArchive_keepTheirBits_andItsModulesAreRead() throws Exception {
    // DJL wants another ending.
    Path original = folder.resolve("silero.pt");
    Files.copy(Path.of(System.getProperty("innerspan.test.silero")), original);
    Path rewritten = folder.resolve("rewritten.pt");
    List<Signal> signals =
        List.of(
            norm("encoder", "_model/encoder"),
            norm("block", "_model/encoder/2"),
            norm("decoder", "_model/decoder"),
            norm("output", "output"),
            norm("slow", "_model_8k/encoder"));
    RewrittenScript script = ScriptRewriter.rewrite(original, rewritten, signals, Gating.none());
    assertThat(script.refusals()).isEmpty();
    assertThat(script.repeatable()).isFalse(); // It keeps what it heard.
    try (Model plain = Torch.load(original);
        Model observed = Torch.load(rewritten);
        NDManager manager = Torch.manager();
        ScriptCapture capture = new ScriptCapture(script)) {
      Random random = new Random(1);
      for (int step = 0; step < STEPS; step++) {
        float[] samples = new float[2 * SAMPLES];
        for (int i = 0; i < samples.length; i++) {
          samples[i] = (float) random.nextGaussian() / 10;
        }
        NDArray audio = manager.create(samples, new Shape(2, SAMPLES));
        NDList expected = run(plain, "forward", manager, audio);
        NDArray weights = manager.create(script.weights());
        NDArray gates = manager.create(-1L);
        NDList outputs = run(observed, ScriptNames.CAPTURE, manager, weights, gates, audio);
        CapturedReading captured = Objects.requireNonNull(capture.finish(outputs, -1));
        assertThat(outputs).hasSize(1);
        float[] speech = expected.get(0).toFloatArray();
        assertThat(outputs.get(0).toFloatArray()).isEqualTo(speech);
        Reading reading = captured.reading(script.layout());
        for (int row = 0; row < reading.rows(); row++) {
          assertThat(value(reading, row, "encoder")).isPositive();
          assertThat(value(reading, row, "block")).isPositive();
          assertThat(value(reading, row, "decoder")).isPositive();
          assertThat(value(reading, row, "output")).isCloseTo(speech[row], within(1e-6));
          assertThat(value(reading, row, "slow")).isNaN();
        }
        assertThat(captured.refusals()).containsOnlyKeys("slow");
      }
    }
  }

  private static double value(Reading reading, int row, String signal) {
    return reading.value(row, reading.layout().indexOf(signal));
  }

  private static Signal norm(String id, String place) {
    return ActivationSummary.norm(id, new HookPoint(place));
  }

  private static NDList run(Model model, String method, NDManager manager, NDArray... arrays) {
    IValue[] values = new IValue[arrays.length + 1];
    for (int i = 0; i < arrays.length; i++) {
      values[i] = IValue.from((PtNDArray) arrays[i]);
    }
    values[arrays.length] = IValue.from(RATE);
    PtSymbolBlock block = (PtSymbolBlock) model.getBlock();
    try (IValue result = IValueUtils.runMethod(block, method, values)) {
      return result.toNDList((PtNDManager) manager);
    } finally {
      for (IValue value : values) {
        value.close();
      }
    }
  }
}
