package io.innerspan.djl.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.Gating;
import io.innerspan.djl.fixtures.Torch;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Reading;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that PyTorch itself has made, by {@code src/test/python/archives.py}. */
@EnabledIfSystemProperty(
    named = "innerspan.test.archives",
    matches = ".+",
    disabledReason = "no archives: give their folder with -Dinnerspan.test.archives=FOLDER")
class ArchivesTest {
  private static final int WIDTH = 8;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"scripted", "traced", "scripted_frozen", "traced_frozen"})
  void outputs_keepTheirBits_andModulesAreReadWhereThereAreAny(String name) throws Exception {
    Path original = Path.of(System.getProperty("innerspan.test.archives"), name + ".pt");
    Path rewritten = folder.resolve("rewritten.pt");
    boolean frozen = name.endsWith("frozen");
    RewrittenScript script =
        ScriptRewriter.rewrite(
            original,
            rewritten,
            List.of(
                ActivationSummary.norm("layer", new HookPoint("layer")),
                ActivationSummary.norm("output", new HookPoint("output"))),
            Gating.none());
    if (frozen) {
      assertThat(script.refusals()).containsOnlyKeys("layer");
      assertThat(script.refusals().get("layer").detail()).contains("the archive is frozen");
    } else {
      assertThat(script.refusals()).isEmpty();
    }
    try (Model plain = Torch.load(original);
        Model observed = Torch.load(rewritten);
        NDManager manager = Torch.manager();
        ScriptCapture capture = new ScriptCapture(script)) {
      for (int rows = 1; rows <= 3; rows++) {
        NDList inputs = new NDList(manager.randomNormal(new Shape(rows, 2 + rows, WIDTH)));
        NDList expected = Torch.forward(plain.getBlock(), inputs);
        NDList prepared = Objects.requireNonNull(capture.prepare(inputs, -1));
        NDList outputs = Torch.forward(observed.getBlock(), prepared);
        CapturedReading captured = Objects.requireNonNull(capture.finish(outputs, -1));
        capture.release(prepared);
        assertThat(outputs).hasSize(1);
        assertThat(outputs.get(0).toFloatArray()).isEqualTo(expected.get(0).toFloatArray());
        assertThat(captured.refusals()).isEmpty();
        Reading reading = captured.reading(script.layout());
        assertThat(reading.rows()).isEqualTo(rows);
        for (int column = 0; column < script.layout().size(); column++) {
          assertThat(reading.value(rows - 1, column)).isPositive();
        }
      }
    }
  }
}
