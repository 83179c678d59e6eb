package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.djl.javaagent.DjlInstrumentationModule;
import io.innerspan.djl.torchscript.ScriptRewriter;
import io.innerspan.signals.pack.PackContent;
import io.opentelemetry.javaagent.extension.instrumentation.InstrumentationModule;
import io.opentelemetry.javaagent.tooling.muzzle.InstrumentationModuleMuzzle;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
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
  void helpers_areTheLibraryAndWhatItNeeds() throws Exception {
    List<String> helpers = InstrumentationModuleMuzzle.getHelperClassNames(module);

    assertThat(helpers).doesNotHaveDuplicates();
    assertThat(helpers)
        .containsAll(classes(ScriptRewriter.class, "io/innerspan/djl/torchscript/"))
        .containsAll(classes(ScriptRewriter.class, "io/innerspan/djl/block/"))
        .containsAll(classes(ScriptRewriter.class, "io/innerspan/djl/maths/"))
        .contains(PackContent.class.getName(), "io.innerspan.djl.javaagent.Predictions")
        .noneMatch(name -> name.startsWith("io.innerspan.extension."));
  }

  private static Set<String> classes(Class<?> of, String folder)
      throws IOException, URISyntaxException {
    Path place = Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile jar = new JarFile(place.toFile())) {
      return jar.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith(folder))
          .filter(name -> name.endsWith(".class") && !name.endsWith("package-info.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .collect(Collectors.toSet());
    }
  }
}
