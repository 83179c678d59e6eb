package io.innerspan.examples.djltext.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The driver against the built agent, service and pack. */
class DjlTextIT {
  private static final Duration DEADLINE = Duration.ofMinutes(10);
  private static final Path MODULE = Path.of("").toAbsolutePath();

  @Test
  void run_json_joinsEachTextWithItsScores() {
    List<String> texts = List.of("grüß \"dich\"\n", "What is the capital of Peru?");

    try (ChildJvm driver =
        example("--json", "--text", texts.get(0), "--text", texts.get(1)).start()) {
      driver.awaitSuccess(DEADLINE);

      List<JsonObject> lines =
          driver.lines(Stream.OUT).stream()
              .map(line -> JsonParser.parseString(line).getAsJsonObject())
              .toList();
      assertThat(lines).extracting(line -> line.get("text").getAsString()).isEqualTo(texts);
      assertThat(lines)
          .extracting(line -> line.get("trace_id").getAsString())
          .doesNotHaveDuplicates();
      assertThat(lines)
          .allSatisfy(
              line -> {
                assertThat(line.get("trace_id").getAsString()).matches("[0-9a-f]{32}");
                assertThat(line.get("span_id").getAsString()).matches("[0-9a-f]{16}");
                assertThat(line.get("parent_span_id").getAsString()).matches("[0-9a-f]{16}");
                assertThat(line.get("duration_ms").getAsDouble()).isPositive();
                assertThat(line.get("model_digest").getAsString()).matches("sha256:[0-9a-f]{64}");
                assertThat(line.get("pack").getAsString()).isNotEmpty();
                assertThat(line.getAsJsonObject("probes").entrySet()).isNotEmpty();
                for (var probe : line.getAsJsonObject("probes").entrySet()) {
                  assertThat(probe.getValue().getAsDouble()).isBetween(0.0, 1.0);
                }
              });
    }
  }

  @Test
  void run_builtInTexts_drawsATreeForEach() {
    try (ChildJvm driver = example().start()) {
      driver.awaitSuccess(DEADLINE);

      List<String> lines = driver.lines(Stream.OUT);
      assertThat(lines).filteredOn(line -> line.startsWith("└─ POST /classify")).hasSize(2);
      assertThat(lines).filteredOn(line -> line.contains("─ inference classifier ")).hasSize(2);
      assertThat(lines)
          .filteredOn(line -> line.matches(" {6,}[█░]{20} [01]\\.\\d{3} .*"))
          .hasSize(2);
      assertThat(lines).anyMatch(line -> line.contains("-jar ") && line.contains(" 8080 "));
    }
  }

  @Test
  void serviceJar_itsClassPath_holdsNothingOfOurs() throws IOException {
    Path target = MODULE.resolve("target");
    try (JarFile jar = new JarFile(target.resolve("classifier-service.jar").toFile())) {
      assertThat(jar.stream().filter(entry -> entry.getName().endsWith(".class")))
          .allMatch(entry -> entry.getName().matches(".*/djltext/[^/]*"));
      String[] libraries =
          jar.getManifest().getMainAttributes().getValue("Class-Path").split(" ", -1);
      assertThat(libraries)
          .contains("lib/pytorch-engine-0.35.1.jar")
          .noneMatch(
              library -> library.matches(".*(innerspan|grpc|protobuf|opentelemetry|onnxruntime).*"))
          .allMatch(library -> Files.exists(target.resolve(library)));
    }
  }

  private static JvmCommand example(String... arguments) {
    return JvmCommand.of(DjlText.class.getName())
        .property("djl-text.root", MODULE.resolve("../..").normalize().toString())
        // Arguments reach Java in the locale's charset.
        .environment("LC_ALL", "C.UTF-8")
        .arguments(arguments);
  }
}
