package io.innerspan.semconv.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Dashboards, rules and their tests name nothing that the registry does not produce. */
class DashboardsTest {
  private static final Path CONFIG = Path.of("../../collector-config");
  private static final Path DOCS = Path.of("../../docs");
  private static final Path RUNBOOKS = DOCS.resolve("runbooks");

  /** In a command: {@code 'query=…'}. */
  private static final Pattern COMMANDS_QUERY = Pattern.compile("'query=([^']*)'");

  /** A block of its own that begins with an aggregation. */
  private static final Pattern BLOCK =
      Pattern.compile("```\\w*\n((?:sum|histogram_quantile|topk)\\b[^`]*)```");

  private final PromQl promQl = promQl();

  @Test
  void dashboards_nameOnlyWhatIsThere() throws IOException {
    List<Path> dashboards = files(CONFIG.resolve("grafana/dashboards"), ".json");
    assertThat(dashboards).hasSize(5);
    assertThat(strangers(dashboards)).isEmpty();
  }

  @Test
  void rules_nameOnlyWhatIsThere() throws IOException {
    List<Path> rules = files(CONFIG.resolve("prometheus"), ".yaml");
    assertThat(rules).hasSizeGreaterThanOrEqualTo(2);
    assertThat(strangers(rules)).isEmpty();
  }

  @Test
  void dashboards_haveADatasourceVariableAndUseItEverywhere() throws IOException {
    for (Path file : files(CONFIG.resolve("grafana/dashboards"), ".json")) {
      List<String> datasources = new ArrayList<>();
      walk(
          load(file),
          (key, value) -> {
            if (key.equals("datasource") && value instanceof Map<?, ?> datasource) {
              datasources.add(String.valueOf(datasource.get("uid")));
            }
          });
      assertThat(datasources).as(file.toString()).isNotEmpty().containsOnly("${datasource}");
    }
  }

  @Test
  void alerts_nameLabelsThatAreThereAndRunbooksThatExist() throws IOException {
    Pattern label = Pattern.compile("\\$labels\\.(\\w+)");
    Set<String> labels = new TreeSet<>(names().labels());
    labels.add("job");
    for (Path file : files(CONFIG.resolve("prometheus/rules"), ".yaml")) {
      walk(
          load(file),
          (key, value) -> {
            if (value instanceof String text) {
              Matcher used = label.matcher(text);
              while (used.find()) {
                assertThat(labels).contains(used.group(1));
              }
            }
            if (key.equals("runbook_url")) {
              assertThat(runbooks(String.valueOf(value))).isNotEmpty().allSatisfy(this::isThere);
            }
          });
    }
  }

  /** The runbook that a URL names, or those of all kinds of finding. */
  private static List<Path> runbooks(String url) {
    String name = url.substring(url.lastIndexOf('/') + 1);
    return name.contains("$labels.innerspan_finding_kind")
        ? KINDS.stream().map(kind -> RUNBOOKS.resolve(kind + ".md")).toList()
        : List.of(RUNBOOKS.resolve(name));
  }

  private static final List<String> KINDS =
      List.of("threshold", "rate", "disagreement", "drift", "spike", "canary", "model_change");

  private void isThere(Path file) {
    assertThat(file).isRegularFile();
  }

  /** A runbook that asks Prometheus for what is not there costs the person on call the night. */
  @Test
  void queriesOfTheDocumentation_nameOnlyWhatIsThere() throws IOException {
    int queries = 0;
    for (Path file : files(DOCS, ".md")) {
      String text = Files.readString(file);
      for (Pattern pattern : List.of(COMMANDS_QUERY, BLOCK)) {
        Matcher query = pattern.matcher(text);
        while (query.find()) {
          queries++;
          List<String> strangers = new ArrayList<>(promQl.strangers(query.group(1)));
          if (query.group(1).contains("target_info")) {
            strangers.removeAll(List.of("no label service_version")); // The resource's.
          }
          assertThat(strangers).as(file.toString()).isEmpty();
        }
      }
    }
    assertThat(queries).isGreaterThan(15);
  }

  @Test
  void runbooks_ofEachKind_haveAllParts() throws IOException {
    for (String kind : KINDS) {
      assertThat(Files.readString(RUNBOOKS.resolve(kind + ".md")))
          .as(kind)
          .containsSubsequence(
              "## What it means",
              "## Where the cause is",
              "- **Model.**",
              "- **Data.**",
              "- **Retrieval.**",
              "- **Infrastructure.**",
              "## First commands",
              "```",
              "```",
              "## Going back",
              "## Whom to tell",
              "](postmortem.md)");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "innerspan.inference.duration, histogram, s, innerspan_inference_duration_seconds_bucket",
    "innerspan.probe.score, histogram, 1, innerspan_probe_score_bucket",
    "innerspan.signal.cost, gauge, 1, innerspan_signal_cost_ratio",
    "innerspan.fault, counter, {fault}, innerspan_fault_total",
    "innerspan.queue.size, updowncounter, By, innerspan_queue_size_bytes"
  })
  void names_followTheTranslation(String metric, String instrument, String unit, String name) {
    assertThat(PrometheusNames.names(metric, instrument, unit)).startsWith(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "sum(rate(innerspan_fault_total[5m])); ''",
        "sum by (innerspan_fault_place) (innerspan_fault_total{job=~\"a\"}); ''",
        "rate(http_server_request_duration_seconds_count[5m]); ''",
        "label_values(innerspan_fault_total{job=\"}\"}, innerspan_fault_place); ''",
        "sum(rate(innerspan_faults_total[5m])); no metric innerspan_faults_total",
        "sum(rate(innerspan_probe_score_ratio_bucket[5m])); no metric innerspan_probe_score_ratio_bucket",
        "innerspan_fault_total{innerspan_probe_id=\"a\"}; no label innerspan_probe_id",
        "sum by (innerspan_fault) (innerspan_fault_total); no label innerspan_fault",
        "innerspan:fault:rate5m; no metric innerspan:fault:rate5m",
        "{__name__=~\"innerspan_faults_.*\"}; no metric that matches innerspan_faults_.*",
        "label_values(innerspan_fault_total, innerspan_place); no label innerspan_place"
      })
  void strangers_findsWhatIsNotThere(String expression, String stranger) {
    assertThat(promQl.strangers(expression))
        .isEqualTo(stranger.isEmpty() ? List.of() : List.of(stranger));
  }

  private Map<Path, List<String>> strangers(List<Path> files) throws IOException {
    Map<Path, List<String>> strangers = new TreeMap<>();
    for (Path file : files) {
      List<String> here = new ArrayList<>();
      List<String> expressions = new ArrayList<>();
      walk(
          load(file),
          (key, value) -> {
            if (value instanceof String text
                && Set.of("expr", "query", "series", "labels", "definition").contains(key)) {
              expressions.add(text);
              here.addAll(promQl.strangers(text));
            }
          });
      assertThat(expressions).as(file.toString()).hasSizeGreaterThan(5);
      if (!here.isEmpty()) {
        strangers.put(file, here);
      }
    }
    return strangers;
  }

  private static PromQl promQl() {
    Set<String> recorded = new TreeSet<>();
    try {
      for (Path file : files(CONFIG.resolve("prometheus/rules"), ".yaml")) {
        walk(
            load(file),
            (key, value) -> {
              if (key.equals("record")) {
                recorded.add(value.toString());
              }
            });
      }
      return new PromQl(names(), recorded);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static PrometheusNames names() throws IOException {
    return new PrometheusNames(RegistryReader.read(Path.of("../registry")).metrics());
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  /** JSON is YAML. */
  private static Object load(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new Load(LoadSettings.builder().setLabel(file.toString()).build())
          .loadFromInputStream(in);
    }
  }

  private static void walk(Object node, BiConsumer<String, Object> visitor) {
    if (node instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) -> {
            if (value != null) {
              visitor.accept(key.toString(), value);
              walk(value, visitor);
            }
          });
    } else if (node instanceof List<?> list) {
      list.forEach(member -> walk(member, visitor));
    }
  }
}
