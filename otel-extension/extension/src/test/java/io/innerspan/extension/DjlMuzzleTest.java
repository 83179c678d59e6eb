package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.djl.block.BlockCapture;
import io.innerspan.djl.block.BlockListener;
import io.innerspan.djl.block.BlockPlan;
import io.innerspan.djl.javaagent.DjlInstrumentationModule;
import io.innerspan.djl.outputs.OutputSignals;
import io.innerspan.djl.torchscript.ScriptCapture;
import io.innerspan.djl.torchscript.ScriptRewriter;
import io.innerspan.signals.pack.PackContent;
import io.opentelemetry.javaagent.extension.instrumentation.InstrumentationModule;
import io.opentelemetry.javaagent.tooling.muzzle.InstrumentationModuleMuzzle;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the build generates into the module class for DJL. */
class DjlMuzzleTest {
  private final InstrumentationModule module = new DjlInstrumentationModule();

  @Test
  void references_areThoseOfDjlsInterfaceAlone() {
    Set<String> references = InstrumentationModuleMuzzle.getMuzzleReferences(module).keySet();

    assertThat(references)
        .contains("ai.djl.inference.Predictor", "ai.djl.ndarray.NDList", "ai.djl.nn.Block");
    assertThat(references)
        .as("applications have other engines than PyTorch")
        .noneMatch(name -> name.startsWith("ai.djl.pytorch."))
        .noneMatch(name -> name.startsWith("com.google."));
  }

  @Test
  void helpers_areTheLibraryAndWhatItNeeds() {
    List<String> helpers = InstrumentationModuleMuzzle.getHelperClassNames(module);

    assertThat(helpers).doesNotHaveDuplicates();
    assertThat(helpers)
        .contains(
            "io.innerspan.djl.javaagent.Predictions",
            ScriptRewriter.class.getName(),
            ScriptCapture.class.getName(),
            BlockPlan.class.getName(),
            BlockCapture.class.getName(),
            BlockListener.class.getName(),
            OutputSignals.class.getName(),
            PackContent.class.getName(),
            "io.innerspan.signals.LinearProbe")
        .noneMatch(name -> name.startsWith("io.innerspan.extension."));
  }
}
