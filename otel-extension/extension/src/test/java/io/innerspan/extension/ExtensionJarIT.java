package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The agent's class loader already holds other versions of common libraries and asks its parents
 * first: a class of ours under a common name would not be the one that runs.
 */
class ExtensionJarIT {
  @Test
  void classes_areAllUnderOurOwnNames() throws IOException {
    try (JarFile jar = jar()) {
      assertThat(classes(jar).map(JarEntry::getName))
          .isNotEmpty()
          .allMatch(
              name ->
                  name.startsWith("io/innerspan/")
                      || name.startsWith("io/opentelemetry/javaagent/innerspan/bridge/"));
    }
  }

  @Test
  void classes_referToNoLibraryByItsCommonName() throws IOException {
    try (JarFile jar = jar()) {
      for (JarEntry entry : classes(jar).toList()) {
        try (InputStream bytes = jar.getInputStream(entry)) {
          String constants = new String(bytes.readAllBytes(), StandardCharsets.ISO_8859_1);
          assertThat(constants.replace("github.com/google/", "")) // In messages' addresses.
              .as(entry.getName())
              .doesNotContain("com/google/protobuf/", "com/google/gson/");
        }
      }
    }
  }

  @Test
  void services_areWhatTheAgentLooksFor() throws IOException {
    try (JarFile jar = jar()) {
      assertThat(lines(jar, "io.opentelemetry.javaagent.tooling.BeforeAgentListener"))
          .containsExactlyInAnyOrder(
              "io.innerspan.extension.oldjvm.OldJvmListener",
              "io.innerspan.extension.InnerspanListener");
      assertThat(lines(jar, "io.opentelemetry.javaagent.extension.AgentListener"))
          .containsExactlyInAnyOrder(
              "io.innerspan.extension.PackReading",
              "io.innerspan.extension.delivery.DeliveryStart");
      assertThat(
              lines(
                  jar,
                  "io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider"))
          .containsExactly("io.innerspan.extension.oldjvm.PropertiesCustomizer");
      assertThat(
              lines(
                  jar,
                  "io.opentelemetry.javaagent.extension.instrumentation.InstrumentationModule"))
          .containsExactlyInAnyOrder(
              "io.innerspan.onnxruntime.javaagent.OnnxRuntimeInstrumentationModule",
              "io.innerspan.djl.javaagent.DjlInstrumentationModule",
              "io.innerspan.api.javaagent.ApiInstrumentationModule",
              "io.innerspan.mcp.javaagent.McpInstrumentationModule");
    }
  }

  private static Stream<JarEntry> classes(JarFile jar) {
    return jar.stream().filter(entry -> entry.getName().endsWith(".class"));
  }

  private static List<String> lines(JarFile jar, String service) throws IOException {
    try (InputStream file = jar.getInputStream(jar.getEntry("META-INF/services/" + service))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static JarFile jar() throws IOException {
    return new JarFile(System.getProperty("innerspan.extension"));
  }
}
