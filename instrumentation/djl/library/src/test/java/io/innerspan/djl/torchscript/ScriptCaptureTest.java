package io.innerspan.djl.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.Gating;
import io.innerspan.djl.fixtures.Batch;
import io.innerspan.djl.fixtures.ScriptedTransformer;
import io.innerspan.djl.fixtures.ScriptedTransformer.Outputs;
import io.innerspan.djl.fixtures.TestSignals;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptCaptureTest {
  private static final int WIDTH = TransformerFixture.WIDTH;
  private static final HookPoint LAYER = new HookPoint("layer/0");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void outputs_ofAnObservedModel_keepTheirBits(boolean traced) throws Exception {
    for (Outputs outputs : Outputs.values()) {
      ScriptedTransformer script =
          new ScriptedTransformer(TransformerFixture.postNorm(), traced, outputs);
      try (Given given = given(script, Gating.none(), norm("norm", LAYER));
          NDManager manager = Torch.manager()) {
        Batch batch = Batch.random(3, 7, 1);
        NDList expected = Torch.forward(given.plain().getBlock(), batch.inputs(manager));
        NDList found = new NDList();
        given.read(batch, manager, -1, found);
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
          assertThat(found.get(i).getName()).isEqualTo(expected.get(i).getName());
          assertThat(found.get(i).getManager()).isSameAs(manager);
          assertThat(found.get(i).toFloatArray()).isEqualTo(expected.get(i).toFloatArray());
        }
      }
    }
  }

  @Test
  void trial_ofAModelThatKeepsNothing_isNotOverBeforeItBegan() throws Exception {
    try (Given given = given(script(), Gating.none(), norm("norm", LAYER))) {
      assertThat(new ScriptTrial(given.script()).isOver()).isFalse();
    }
  }

  @Test
  void outputs_byPosition_areReadAsTheirModulesAre() throws Exception {
    ScriptedTransformer script =
        new ScriptedTransformer(TransformerFixture.preNorm(), false, Outputs.TUPLE);
    HookPoint output = new HookPoint("output/1");
    try (Given given =
            given(
                script,
                Gating.none(),
                TestSignals.probe("module", LAYER, WIDTH),
                TestSignals.probe("output", output, WIDTH),
                norm("named", new HookPoint("blocks.0.hook_resid_post")));
        NDManager manager = Torch.manager()) {
      Batch batch = Batch.random(3, 7, 1);
      Reading reading =
          given.read(batch, manager, -1, new NDList()).reading(given.script().layout());
      for (int row = 0; row < batch.rows(); row++) {
        assertThat(reading.value(row, 0)).isFinite();
      }
      NDList expected = Torch.forward(given.plain().getBlock(), batch.inputs(manager));
      for (Signal signal : reading.layout().signals()) {
        for (int row = 0; row < batch.rows(); row++) {
          RowInputs inputs = RowInputs.of().mask(batch.mask()[row]);
          inputs.activation(signal.hookPoint(), Torch.row(expected.get(1), row));
          double value = reading.value(row, reading.layout().indexOf(signal.id()));
          double reference = ReferenceSignal.values(signal, inputs)[0];
          assertThat(Tolerance.FP32.agrees(value, reference)).isTrue();
        }
      }
    }
  }

  @Test
  void signals_atClosedGates_areNotComputed() throws Exception {
    Gating gating = new Gating(Map.of("first", 0, "second", 1), 0);
    try (Given given = given(script(), gating, norm("first", LAYER), norm("second", LAYER));
        NDManager manager = Torch.manager()) {
      Reading reading =
          given
              .read(Batch.random(2, 5, 1), manager, 0b10, new NDList())
              .reading(given.script().layout());
      assertThat(reading.value(0, reading.layout().indexOf("first"))).isNaN();
      assertThat(reading.value(0, reading.layout().indexOf("second"))).isPositive();
    }
  }

  @Test
  void signals_ofAnotherWidth_areRefusedInTheReading_othersAreRead() throws Exception {
    try (Given given =
            given(script(), Gating.none(), TestSignals.probe("wide", LAYER, 99), norm("n", LAYER));
        NDManager manager = Torch.manager()) {
      CapturedReading captured = given.read(Batch.random(2, 5, 1), manager, -1, new NDList());
      assertThat(captured.refusals()).containsOnlyKeys("wide");
      assertThat(captured.refusals().get("wide").detail())
          .contains("expected [batch, tokens, 99]", "found [2, 5, 16]");
      Reading reading = captured.reading(given.script().layout());
      assertThat(reading.value(0, reading.layout().indexOf("wide"))).isNaN();
      assertThat(reading.value(0, reading.layout().indexOf("n"))).isPositive();
    }
  }

  @Test
  void inputs_thatSelectAMethod_areLeftAlone() throws Exception {
    try (Given given = given(script(), Gating.none(), norm("n", LAYER));
        NDManager manager = Torch.manager()) {
      NDArray selector = manager.create(0f);
      selector.setName("module_method:forward");
      assertThat(given.capture().prepare(new NDList(selector), -1)).isNull();
      assertThat(given.capture().prepare(new NDList(), -1)).isNull();
    }
  }

  @Test
  void finish_readingThatIsNone_stillHidesWhatIsOurs() throws Exception {
    try (Given given = given(script(), Gating.none(), norm("n", LAYER));
        NDManager manager = Torch.manager()) {
      NDArray own = manager.create(1f);
      NDArray reading = manager.create(new long[] {1});
      reading.setName(ScriptNames.READING);
      NDArray other = manager.create(1f);
      other.setName(ScriptNames.MISFIT + 0);
      NDList outputs = new NDList(own, reading, other);
      assertThatThrownBy(() -> given.capture().finish(outputs, -1))
          .isInstanceOf(IllegalStateException.class);
      assertThat(outputs).containsExactly(own);
      assertThat(manager.getManagedArrays()).containsExactly(own);
    }
  }

  @Test
  void captures_leaveNothingBehind() throws Exception {
    try (Given given = given(script(), Gating.none(), norm("n", LAYER));
        NDManager manager = Torch.manager()) {
      for (int i = 0; i < 50; i++) {
        NDList found = new NDList();
        int before = manager.getManagedArrays().size();
        given.read(Batch.random(2, 1 + i % 9, i), manager, -1, found);
        // The application's two inputs and one output.
        assertThat(manager.getManagedArrays()).hasSize(before + 3);
      }
    }
  }

  @Test
  void readings_onFourThreads_areThoseOfOne() throws Exception {
    try (Given given = given(script(), Gating.none(), norm("n", LAYER))) {
      List<Batch> batches =
          IntStream.range(0, 8).mapToObj(i -> Batch.random(1 + i % 3, 3 + i, i)).toList();
      List<float[]> expected = new ArrayList<>();
      for (Batch batch : batches) {
        expected.add(given.values(batch));
      }
      ExecutorService threads = Executors.newFixedThreadPool(4);
      try {
        List<Future<?>> futures = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
          futures.add(
              threads.submit(
                  () -> {
                    for (int i = 0; i < 200; i++) {
                      int at = i % batches.size();
                      assertThat(given.values(batches.get(at))).isEqualTo(expected.get(at));
                    }
                  }));
        }
        for (Future<?> future : futures) {
          future.get();
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  private record Given(Model plain, Model observed, RewrittenScript script, ScriptCapture capture)
      implements AutoCloseable {
    CapturedReading read(Batch batch, NDManager manager, long openGates, NDList found) {
      NDList prepared = Objects.requireNonNull(capture.prepare(batch.inputs(manager), openGates));
      NDList outputs = Torch.forward(observed.getBlock(), prepared);
      capture.release(prepared);
      CapturedReading captured = Objects.requireNonNull(capture.finish(outputs, openGates));
      found.addAll(outputs);
      return captured;
    }

    float[] values(Batch batch) {
      try (NDManager manager = Torch.manager()) {
        return read(batch, manager, -1, new NDList()).values();
      }
    }

    @Override
    public void close() {
      capture.close();
      plain.close();
      observed.close();
    }
  }

  private Given given(ScriptedTransformer script, Gating gating, Signal... signals)
      throws Exception {
    Path original = script.write(folder, "original");
    Path rewritten = folder.resolve("rewritten.pt");
    RewrittenScript result = ScriptRewriter.rewrite(original, rewritten, List.of(signals), gating);
    assertThat(result.refusals()).isEmpty();
    return new Given(
        Torch.load(original), Torch.load(rewritten), result, new ScriptCapture(result));
  }

  private static ScriptedTransformer script() {
    return new ScriptedTransformer(TransformerFixture.postNorm(), false, Outputs.TENSOR);
  }

  private static Signal norm(String id, HookPoint at) {
    return ActivationSummary.norm(id, at);
  }
}
