package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.onnxruntime.javaagent.OnnxRuntimeInstrumentationModule;
import io.innerspan.onnxruntime.session.SessionOpener;
import io.opentelemetry.javaagent.extension.instrumentation.InstrumentationModule;
import io.opentelemetry.javaagent.tooling.muzzle.InstrumentationModuleMuzzle;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the build generates into the instrumentation's module class. Without it the agent would
 * silently leave ONNX Runtime alone, or miss a helper class at the application's first call.
 */
class MuzzleTest {
  private static final String PACKAGE = "io.innerspan.onnxruntime.";

  private final InstrumentationModule module = new OnnxRuntimeInstrumentationModule();

  @Test
  void methods_areInTheModuleItself() {
    assertThat(
            Stream.of(OnnxRuntimeInstrumentationModule.class.getDeclaredMethods())
                .map(method -> method.getName()))
        .contains(
            "getMuzzleReferences", "getMuzzleHelperClassNames", "registerMuzzleVirtualFields");
  }

  @Test
  void references_nameWhatTheAdviceNeedsOfOnnxRuntime() {
    Set<String> references = InstrumentationModuleMuzzle.getMuzzleReferences(module).keySet();

    assertThat(references)
        .contains(
            "ai.onnxruntime.OrtEnvironment",
            "ai.onnxruntime.OrtSession",
            "ai.onnxruntime.OrtSession$Result",
            "ai.onnxruntime.OrtSession$SessionOptions",
            "ai.onnxruntime.OnnxTensor");
    assertThat(references).noneMatch(name -> name.startsWith("com.google."));
  }

  @Test
  void helpers_areTheSessionsClassesAndTheAdvicesOwn() throws Exception {
    List<String> helpers = InstrumentationModuleMuzzle.getHelperClassNames(module);

    assertThat(helpers).doesNotHaveDuplicates();
    assertThat(helpers)
        .allMatch(
            name ->
                name.startsWith(PACKAGE + "session.")
                    || name.startsWith(PACKAGE + "javaagent.")
                    || name.startsWith("io.innerspan.signals.saliency."));
    assertThat(helpers).containsAll(sessionClasses());
    assertThat(helpers).contains(PACKAGE + "javaagent.Sessions", PACKAGE + "javaagent.OptionCalls");
  }

  private static Set<String> sessionClasses() throws IOException, URISyntaxException {
    Path place =
        Path.of(SessionOpener.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile jar = new JarFile(place.toFile())) {
      return jar.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.startsWith("io/innerspan/onnxruntime/session/"))
          .filter(name -> name.endsWith(".class") && !name.endsWith("package-info.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .collect(Collectors.toSet());
    }
  }
}
