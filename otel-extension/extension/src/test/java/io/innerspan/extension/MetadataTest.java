package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the instrumentation says of itself is what the registry holds. */
class MetadataTest {
  private static final Path ROOT = Path.of("../..");
  private static final Pattern NAME = Pattern.compile("- name: (innerspan\\.[a-z._]+)");
  private static final Pattern SIGNAL =
      Pattern.compile("- name: ((?:innerspan|gen_ai|mcp)\\.[a-z._]+)");
  private static final Pattern ENGINE =
      Pattern.compile("<artifactId>onnxruntime</artifactId><version>\\$\\{(.*)}</version>");
  private static final Pattern TESTED = Pattern.compile("tested_versions: \\[(.*)]");

  @Test
  void telemetry_isTheRegistrys() throws IOException {
    Set<String> registered = names("semantic-conventions/registry/metrics.yaml");
    registered.addAll(names("semantic-conventions/registry/events.yaml"));

    assertThat(names("instrumentation/onnxruntime/metadata.yaml"))
        .isNotEmpty()
        .isEqualTo(registered);
  }

  @Test
  void telemetryOfTheApi_isTheRegistrys() throws IOException {
    Set<String> registered = signals("semantic-conventions/registry/outcomes.yaml");
    registered.addAll(signals("semantic-conventions/registry/texts.yaml"));

    assertThat(signals("instrumentation/api/metadata.yaml")).isNotEmpty().isEqualTo(registered);
  }

  @Test
  void testedVersions_areThoseOfTheAgentsTests() throws IOException {
    String[] versions = testedVersions("instrumentation/onnxruntime/metadata.yaml");
    String build = read("otel-extension/agent/pom.xml");
    List<String> tested =
        ENGINE
            .matcher(build)
            .results()
            .map(match -> property(match.group(1)))
            .collect(Collectors.toList());
    assertThat(versions).isNotEmpty();
    assertThat(tested).contains(versions);
  }

  @Test
  void testedVersionsOfDjl_areThoseOfItsMatrix() throws IOException {
    assertThat(testedVersions("instrumentation/djl/metadata.yaml"))
        .containsExactly(
            property("djl.floor.version"),
            property("djl.middle.version"),
            property("djl.pytorch.version"),
            property("djl.version"));
  }

  @Test
  void telemetryOfMcp_isTheRegistrys_andVersionsAreThoseOfItsTests() throws IOException {
    Set<String> registered = signals("semantic-conventions/registry/mcp.yaml");
    registered.addAll(Set.of("mcp.client", "mcp.server"));

    assertThat(signals("instrumentation/mcp/metadata.yaml")).isNotEmpty().isEqualTo(registered);
    assertThat(testedVersions("instrumentation/mcp/metadata.yaml"))
        .containsExactly(
            property("mcp.floor.version"), property("mcp.middle.version"), property("mcp.version"));
  }

  private static String[] testedVersions(String metadata) throws IOException {
    return TESTED
        .matcher(read(metadata))
        .results()
        .findFirst()
        .map(match -> match.group(1).split(", "))
        .orElseThrow();
  }

  /** The value of a property of the root's build. */
  private static String property(String name) {
    try {
      String root = read("pom.xml");
      String open = "<" + name + ">";
      int from = root.indexOf(open) + open.length();
      assertThat(from).as(name).isGreaterThanOrEqualTo(open.length());
      return root.substring(from, root.indexOf("</" + name + ">"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> names(String file) throws IOException {
    return NAME.matcher(read(file))
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toSet());
  }

  /** Of OpenTelemetry's namespaces too. */
  private static Set<String> signals(String file) throws IOException {
    return SIGNAL
        .matcher(read(file))
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toSet());
  }

  private static String read(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }
}
