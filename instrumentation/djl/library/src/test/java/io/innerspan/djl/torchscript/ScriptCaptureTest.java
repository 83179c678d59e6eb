package io.innerspan.djl.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.Gating;
import io.innerspan.djl.fixtures.Batch;
import io.innerspan.djl.fixtures.ScriptedTransformer;
import io.innerspan.djl.fixtures.ScriptedTransformer.Outputs;
import io.innerspan.djl.fixtures.Torch;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Reading;
import io.innerspan.signals.Signal;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.RowInputs;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptCaptureTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reading_ofAModule_equalsTheReference_andOutputsKeepTheirBits(boolean traced)
      throws Exception {
    ScriptedTransformer script =
        new ScriptedTransformer(TransformerFixture.postNorm(), traced, Outputs.TUPLE);
    Path original = script.write(folder, "original");
    Path rewritten = folder.resolve("rewritten.pt");
    HookPoint layer = new HookPoint("layer/0");
    Signal norm = ActivationSummary.norm("norm", layer);
    RewrittenScript result =
        ScriptRewriter.rewrite(original, rewritten, List.of(norm), Gating.none());
    assertThat(result.refusals()).isEmpty();
    Batch batch = Batch.random(3, 7, 1);
    try (Model plain = Torch.load(original);
        Model observed = Torch.load(rewritten);
        NDManager manager = Torch.manager();
        ScriptCapture capture = new ScriptCapture(result)) {
      NDList expected = Torch.forward(plain.getBlock(), batch.inputs(manager));
      NDList prepared = capture.prepare(batch.inputs(manager), -1);
      NDList outputs = Torch.forward(observed.getBlock(), prepared);
      capture.release(prepared);
      CapturedReading captured = capture.finish(outputs, -1);
      assertThat(outputs).hasSameSizeAs(expected);
      for (int i = 0; i < expected.size(); i++) {
        assertThat(outputs.get(i).toFloatArray()).isEqualTo(expected.get(i).toFloatArray());
      }
      Reading reading = captured.reading(result.layout());
      for (int row = 0; row < batch.rows(); row++) {
        RowInputs inputs = RowInputs.of().mask(batch.mask()[row]);
        inputs.activation(layer, Torch.row(expected.get(1), row));
        double reference = ReferenceSignal.values(norm, inputs)[0];
        assertThat(Tolerance.FP32.agrees(reading.value(row, 0), reference)).isTrue();
      }
    }
  }
}
