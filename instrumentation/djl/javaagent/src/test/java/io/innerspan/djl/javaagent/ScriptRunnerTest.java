package io.innerspan.djl.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.Gating;
import io.innerspan.djl.archive.ModuleObject;
import io.innerspan.djl.archive.ScriptWriter;
import io.innerspan.djl.torchscript.RewrittenScript;
import io.innerspan.djl.torchscript.ScriptRewriter;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.HookPoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the real engine; what is told is kept. */
class ScriptRunnerTest {
  private static final String CODE =
      """
      class Net(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.net.Net,
          x: Tensor) -> Tensor:
          return torch.mul(x, SCALE)
      """;

  /** More inferences than the trial has. */
  private static final int INFERENCES = 6;

  @TempDir Path folder;
  private RewrittenScript script;
  private Path rewritten;

  private final List<String> told = new ArrayList<>();

  /** Fails at each reading if it is told to. */
  private final class Listener implements ScriptRunner.Listener {
    private final @Nullable RuntimeException atReading;

    Listener(@Nullable RuntimeException atReading) {
      this.atReading = atReading;
    }

    @Override
    public void read(CapturedReading reading) {
      if (atReading != null) {
        throw atReading;
      }
      told.add("read " + reading.values()[0]);
    }

    @Override
    public void failed(Throwable failure) {
      told.add("failed");
    }

    @Override
    public void changed(String difference) {
      told.add("changed");
    }

    @Override
    public void fault(Throwable fault) {
      told.add("fault " + fault.getMessage());
    }
  }

  @BeforeEach
  void write() throws Exception {
    rewritten = folder.resolve("rewritten.pt");
    script =
        ScriptRewriter.rewrite(
            archive("net.pt", "2."),
            rewritten,
            List.of(ActivationSummary.norm("norm", new HookPoint("output"))),
            Gating.none());
    assertThat(script.isEmpty()).isFalse();
  }

  private Path archive(String name, String scale) throws Exception {
    Path file = folder.resolve(name);
    ScriptWriter.write(
        Files.newOutputStream(file),
        "net",
        Map.of("__torch__/net.py", CODE.replace("SCALE", scale)),
        new ModuleObject("__torch__.net.Net"));
    return file;
  }

  /** Runs an archive some times, and returns whether the runner still reads. */
  private boolean run(Path archive, Listener listener) throws Exception {
    try (Model model = Model.newInstance("net", Device.cpu(), "PyTorch")) {
      model.load(archive);
      ScriptRunner runner = new ScriptRunner(script, model.getBlock());
      for (int i = 0; i < INFERENCES && runner.reads(0); i++) {
        try (NDManager manager = model.getNDManager().newSubManager()) {
          NDList inputs = new NDList(manager.create(new float[] {3, 4}, new Shape(1, 1, 2)));
          Object[] outcome = runner.run(model.getBlock(), inputs, 0, listener);
          assertThat(outcome).isNotNull();
          assertThat(outcome[Outcome.FAILURE]).isNull();
          NDList outputs = (NDList) outcome[Outcome.VALUE];
          assertThat(outputs).hasSize(1);
          assertThat(outputs.get(0).toFloatArray()).containsExactly(6, 8);
        }
      }
      boolean reads = runner.reads(0);
      runner.close();
      return reads;
    }
  }

  @Test
  void run_readsEachInference() throws Exception {
    assertThat(run(rewritten, new Listener(null))).isTrue();
    assertThat(told).hasSize(INFERENCES).containsOnly("read 10.0");
  }

  /** In the trial as after it. */
  @Test
  void run_faultOfOurs_isNotTheModels_andTheApplicationGetsItsOutputs() throws Exception {
    assertThat(run(rewritten, new Listener(new IllegalStateException("ours")))).isTrue();
    assertThat(told).hasSize(INFERENCES).containsOnly("fault ours");
  }

  @Test
  void run_captureThatFails_isTheModels_andEndsReading() throws Exception {
    Path original = folder.resolve("net.pt"); // Which has no such method.
    assertThat(run(original, new Listener(null))).isFalse();
    assertThat(told).containsExactly("failed");
  }
}
