package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.drift.Baseline;
import io.innerspan.signals.drift.DriftMethod;
import io.innerspan.signals.monitor.DriftMonitor;
import io.innerspan.signals.monitor.Monitors;
import io.innerspan.signals.monitor.RateMonitor;
import io.innerspan.signals.monitor.Rule;
import io.innerspan.signals.monitor.Severity;
import io.innerspan.signals.monitor.Side;
import io.innerspan.signals.monitor.SignalBaseline;
import io.innerspan.signals.monitor.ThresholdMonitor;
import io.innerspan.signals.monitor.Watched;
import io.innerspan.signals.monitor.Window;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedLog;
import io.innerspan.testing.ReceivedMetric;
import io.innerspan.testing.ReceivedSpan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Monitors of a pack, in the built agent on a real model: what they find arrives over OTLP. */
class MonitorsIT {
  private static final String APP = "io.innerspan.agent.app.BatchApp";
  private static final String VERSION = "1.29.0";
  private static final int WORDS = 6;
  private static final int ORDINARY = 1_200;
  private static final int AT_ONCE = 40;

  /** As many activations are looked at together. */
  private static final int TAPPED = 240;

  /** The SHA-256 of {@code abc} and of {@code abd}. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private static final String ABD =
      "a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9";

  private static final String PROBE = "watched_0";
  private static final String NORM = "watched_norm";

  @TempDir Path folder;

  @Test
  void monitors_ofAPack_raiseFindings() throws Exception {
    ProbePack bare = new SeededPack("watched", 1).write(folder.resolve("bare"));
    long[][] ordinary = rows(new Random(1), ORDINARY);
    double[] norms = values(bare, NORM, ordinary);
    double[] scores = values(bare, PROBE, ordinary);
    long[] lowest = ordinary[at(scores, true)];
    long[] highest = ordinary[at(scores, false)];
    double limit = (scores[at(scores, true)] + scores[at(scores, false)]) / 2;
    double middle = Arrays.stream(norms).sorted().skip(ORDINARY / 2).findFirst().orElseThrow();
    long[][] odd =
        Stream.of(ordinary)
            .filter(row -> norm(norms, ordinary, row) > middle)
            .toArray(long[][]::new);
    ProbePack pack =
        new SeededPack("watched", 1)
            .withMonitors(monitors(limit, Baseline.of(norms)))
            .write(folder.resolve("packs/watched"));

    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      try (ChildJvm app = start(receiver).start()) {
        app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
        for (long[] row : new long[][] {lowest, highest, highest, lowest, highest}) {
          app.send(line(row));
        }
        for (int from = 0; from + AT_ONCE <= odd.length; from += AT_ONCE) {
          app.send(line(Arrays.copyOfRange(odd, from, from + AT_ONCE)));
        }
        long[][] often = new long[AT_ONCE][];
        Arrays.fill(often, highest);
        app.send(line(often));
        app.closeInput();
        app.awaitSuccess(Product.PATIENCE);
      }
      List<ReceivedLog> findings =
          receiver.logs().stream()
              .filter(event -> event.eventName().equals("innerspan.finding"))
              .toList();
      Map<Object, List<ReceivedLog>> byMonitor =
          findings.stream()
              .collect(Collectors.groupingBy(e -> e.attribute("innerspan.monitor.id")));
      assertThat(byMonitor.keySet()).containsExactlyInAnyOrder("high", "often", "norms_drift");
      assertThat(findings.stream().map(e -> e.attribute("innerspan.finding.id")))
          .doesNotHaveDuplicates();

      List<ReceivedSpan> spans =
          receiver.spans().stream()
              .filter(span -> span.name().startsWith("inference"))
              .sorted(Comparator.comparing(s -> s.proto().getStartTimeUnixNano()))
              .toList();
      assertThat(spans.get(0).attribute("innerspan.pack_hashes"))
          .isEqualTo(List.of("sha256:" + pack.digest()));
      // Twice over, with a reading below between: at the second and at the fifth inference.
      List<ReceivedLog> high = byMonitor.get("high");
      assertThat(high.subList(0, 2))
          .extracting(ReceivedLog::spanId)
          .containsExactly(spans.get(1).spanId(), spans.get(4).spanId());
      ReceivedLog first = high.get(0);
      assertThat(first.attribute("innerspan.finding.kind")).isEqualTo("threshold");
      assertThat(first.attribute("innerspan.finding.severity")).isEqualTo("high");
      assertThat((double) first.attribute("innerspan.finding.score"))
          .isCloseTo(scores[at(scores, false)], within(1e-4));
      assertThat(first.attribute("innerspan.finding.confidence"))
          .isEqualTo(first.attribute("innerspan.finding.score"));
      assertThat(first.attribute("artifact.hash")).isEqualTo("sha256:" + MiniLm.SHA256);
      assertThat(first.attribute("innerspan.pack")).isEqualTo(List.of("watched@1.0.0"));
      assertThat(first.attribute("event.name")).isEqualTo("innerspan.finding");

      ReceivedLog rate = byMonitor.get("often").get(0);
      assertThat(rate.attribute("innerspan.finding.kind")).isEqualTo("rate");
      assertThat((double) rate.attribute("innerspan.finding.score")).isGreaterThanOrEqualTo(0.9);
      assertThat(rate.attribute("innerspan.finding.count")).isEqualTo(20L);

      ReceivedLog drift = byMonitor.get("norms_drift").get(0);
      assertThat(drift.attribute("innerspan.finding.kind")).isEqualTo("drift");
      assertThat(drift.attribute("innerspan.finding.method")).isEqualTo("cusum_mean");
      assertThat(drift.attribute("innerspan.finding.direction")).isEqualTo("above");
      assertThat(drift.attribute("innerspan.finding.baseline")).isEqualTo("norms");
      assertThat(drift.attribute("innerspan.finding.baseline_count")).isEqualTo((long) ORDINARY);
      assertThat((double) drift.attribute("innerspan.finding.effect_size")).isBetween(0.25, 2.0);
      assertThat((double) drift.attribute("innerspan.finding.p_value")).isBetween(0.0, 1.0);

      assertThat(receiver.metrics())
          .filteredOn(metric -> metric.name().equals("innerspan.finding.raised"))
          .isNotEmpty();
    }
  }

  /** The application runs, one line says what is wrong, one count counts it; nothing watches. */
  @Test
  void monitorsFile_thatIsBad_isRefusedInOneLine() throws Exception {
    new SeededPack("watched", 1).write(folder.resolve("packs/watched"));
    Path file = folder.resolve("monitors.json");
    Files.writeString(
        file,
        """
        {"schema_version": "1.0", "packs": {"watched": {"monitors": [
          {"id": "x", "kind": "threshold", "signal": "nothing", "above": 1, "severity": "low"}]}}}
        """);

    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      List<String> log;
      try (ChildJvm app =
          start(receiver)
              .property("otel.instrumentation.innerspan.monitors-file", file.toString())
              .start()) {
        app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
        app.send("101,2129,2079,1045,25141,102");
        app.closeInput();
        app.awaitSuccess(Product.PATIENCE);
        log = app.lines(LogLine.Stream.ERR).stream().filter(l -> l.contains("Innerspan")).toList();
      }
      assertThat(log)
          .filteredOn(line -> line.contains("WARN"))
          .singleElement()
          .asString()
          .contains(
              "refused: monitors " + file,
              "packs.watched.monitor 'x': expected a value of one of the pack's signals, found"
                  + " 'nothing'");
      assertThat(receiver.spans())
          .filteredOn(span -> span.name().startsWith("inference"))
          .singleElement()
          .satisfies(
              span ->
                  assertThat(span.attribute("innerspan.probe." + PROBE + ".score")).isNotNull());
      assertThat(receiver.metrics())
          .filteredOn(metric -> metric.name().equals("innerspan.monitor.refusal"))
          .isNotEmpty();
    }
  }

  /**
   * A session whose tokenizer is not the pack's, and one after the pack's own was put in its place:
   * each is told once, and the readings stay on.
   */
  @Test
  void tokenizer_besideTheModel_isHeldToThePackAndToTheOneBefore() throws Exception {
    Path model = Files.createDirectory(folder.resolve("model")).resolve("model.onnx");
    Files.copy(MiniLm.FILE, model);
    Path tokenizer = model.resolveSibling("tokenizer.json");
    Files.writeString(tokenizer, "abd");
    ProbePack pack =
        new SeededPack("watched", 1).withTokenizer(ABC).write(folder.resolve("packs/watched"));

    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app = start(receiver, model).start()) {
      app.awaitLine(
          "pack watched 1.0.0 was made with another tokenizer than lies beside all-MiniLM-L6-v2:"
              + " expected sha256:"
              + ABC
              + ", found sha256:"
              + ABD,
          Product.PATIENCE);
      app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
      ReceivedLog mismatch = receiver.awaitLogs(logs -> logs.size() == 1, Product.PATIENCE).get(0);
      assertThat(mismatch.attribute("innerspan.finding.kind")).isEqualTo("model_change");
      assertThat(mismatch.attribute("innerspan.monitor.id")).isEqualTo("tokenizer_mismatch");
      assertThat(mismatch.attribute("innerspan.finding.severity")).isEqualTo("medium");
      assertThat(mismatch.attribute("innerspan.finding.baseline")).isEqualTo("sha256:" + ABC);
      assertThat(mismatch.attribute("innerspan.tokenizer.hash")).isEqualTo("sha256:" + ABD);
      assertThat(mismatch.attribute("artifact.hash")).isEqualTo("sha256:" + MiniLm.SHA256);
      assertThat(mismatch.attribute("innerspan.pack")).isEqualTo(List.of("watched@1.0.0"));
      assertThat(mismatch.attribute("innerspan.pack_hash")).isEqualTo("sha256:" + pack.digest());

      Files.writeString(tokenizer, "abc");
      app.send("reopen");
      ReceivedLog change = receiver.awaitLogs(logs -> logs.size() == 2, Product.PATIENCE).get(1);
      assertThat(change.attribute("innerspan.finding.kind")).isEqualTo("model_change");
      assertThat(change.attribute("innerspan.monitor.id")).isEqualTo("tokenizer_change");
      assertThat(change.attribute("innerspan.finding.baseline")).isEqualTo("sha256:" + ABD);
      assertThat(change.attribute("innerspan.tokenizer.hash")).isEqualTo("sha256:" + ABC);
      app.send("101,2129,2079,1045,25141,102");
      app.awaitLine("ran ", Product.PATIENCE);
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
      // If the session that was opened last was certified by then, its reading may be an event too.
      assertThat(receiver.logs())
          .filteredOn(log -> log.eventName().equals("innerspan.finding"))
          .hasSize(2);
      assertThat(app.lines(LogLine.Stream.ERR))
          .filteredOn(line -> line.contains("another tokenizer"))
          .hasSize(1);
    }
  }

  /** The address is wrong, which the SIEM's host says: a metric tells of it. */
  @Test
  void finding_thatTheSiemRefuses_isCountedAsDropped_andHasItsKindsRunbook() throws Exception {
    Path model = Files.createDirectory(folder.resolve("model")).resolve("model.onnx");
    Files.copy(MiniLm.FILE, model);
    Files.writeString(model.resolveSibling("tokenizer.json"), "abd");
    new SeededPack("watched", 1).withTokenizer(ABC).write(folder.resolve("packs/watched"));

    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app =
            start(receiver, model)
                .property("otel.instrumentation.innerspan.runbooks", "https://wiki.example.com/on")
                .property("otel.logs.exporter", "otlp,innerspan_siem")
                .property(
                    "otel.exporter.innerspan.siem.endpoint", receiver.httpEndpoint() + "/nowhere")
                .property("otel.metric.export.interval", "500")
                .start()) {
      app.awaitLine("the SIEM refuses findings", Product.PATIENCE);
      ReceivedLog finding = receiver.awaitLogs(logs -> logs.size() == 1, Product.PATIENCE).get(0);
      assertThat(finding.attribute("security_rule.reference"))
          .isEqualTo("https://wiki.example.com/on/model_change.md");
      List<ReceivedMetric> metrics =
          receiver.awaitMetrics(
              all -> all.stream().anyMatch(m -> m.name().equals("innerspan.delivery.dropped")),
              Product.PATIENCE);
      assertThat(metrics)
          .filteredOn(metric -> metric.name().equals("innerspan.delivery.dropped"))
          .allSatisfy(
              metric -> {
                assertThat(metric.scope()).isEqualTo("io.innerspan");
                assertThat(metric.numberPoints()).hasSize(1);
                assertThat(metric.numberPoints().get(0).getAsInt()).isEqualTo(1);
                assertThat(metric.numberPoints().get(0).getAttributesList())
                    .extracting(a -> a.getKey() + "=" + a.getValue().getStringValue())
                    .containsExactlyInAnyOrder(
                        "innerspan.delivery.signal=finding",
                        "innerspan.delivery.receiver=siem",
                        "innerspan.delivery.drop_reason=refused");
              });
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
    }
  }

  private JvmCommand start(OtlpReceiver receiver) {
    return start(receiver, MiniLm.FILE);
  }

  private JvmCommand start(OtlpReceiver receiver, Path model) {
    return Product.observed(APP, VERSION, receiver)
        .property("otel.instrumentation.innerspan.packs", folder.resolve("packs").toString())
        .arguments(model.toString());
  }

  private static Monitors monitors(double limit, Baseline baseline) {
    return new Monitors(
        List.of(
            new ThresholdMonitor(
                rule("high", Severity.HIGH), Watched.of(PROBE), Side.ABOVE, limit, limit, 1),
            new RateMonitor(
                rule("often", Severity.MEDIUM),
                Watched.of(PROBE),
                Side.ABOVE,
                limit,
                0.9,
                0.5,
                Window.ofCount(20)),
            new DriftMonitor(
                rule("norms_drift", Severity.LOW),
                List.of("norms"),
                Set.of(DriftMethod.CUSUM),
                DriftMonitor.DEFAULT_WINDOW,
                null,
                1,
                0.01)),
        List.of(new SignalBaseline("norms", Watched.of(NORM), MiniLm.SHA256, baseline)));
  }

  private static Rule rule(String id, Severity severity) {
    return new Rule(id, severity, List.of(), null, 0, null);
  }

  /** Rows of a few tokens, without padding. */
  private static long[][] rows(Random random, int count) {
    long[][] rows = new long[count][WORDS];
    for (long[] row : rows) {
      row[0] = 101;
      for (int i = 1; i < WORDS - 1; i++) {
        row[i] = 2_000 + random.nextInt(20_000);
      }
      row[WORDS - 1] = 102;
    }
    return rows;
  }

  /** What the reference mathematics gives: a probe's score, or a norm. */
  private static double[] values(ProbePack pack, String id, long[][] rows) throws Exception {
    Signal signal =
        pack.signals().stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
    int layer = signal instanceof Probe ? 0 : 5;
    double[] values = new double[rows.length];
    for (int from = 0; from < rows.length; from += TAPPED) {
      long[][] ids = Arrays.copyOfRange(rows, from, from + TAPPED);
      long[][] mask = new long[TAPPED][WORDS];
      Stream.of(mask).forEach(row -> Arrays.fill(row, 1));
      float[][][][] activations = MiniLm.activations(ids, mask);
      for (int row = 0; row < TAPPED; row++) {
        double value = ReferenceSignal.value(signal, activations[layer][row], mask[row]);
        values[from + row] =
            signal instanceof Probe probe ? probe.calibration().score(value) : value;
      }
    }
    return values;
  }

  private static double norm(double[] norms, long[][] rows, long[] row) {
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] == row) {
        return norms[i];
      }
    }
    throw new IllegalArgumentException("no such row");
  }

  /** The place of the smallest or the largest value. */
  private static int at(double[] values, boolean smallest) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (smallest ? values[i] < values[best] : values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  private static String line(long[]... rows) {
    return Stream.of(rows)
        .map(row -> Arrays.stream(row).mapToObj(Long::toString).collect(Collectors.joining(",")))
        .collect(Collectors.joining(";"));
  }
}
