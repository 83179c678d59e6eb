package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedLog;
import io.innerspan.testing.ReceivedMetric;
import io.innerspan.testing.ReceivedSpan;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What arrives over OTLP of batches of several rows is what the reference mathematics gives. */
class TelemetryIT {
  /** Rows of different lengths; padding left and right; the last batch has a row without tokens. */
  private static final long[][][] BATCHES = {
    {{101, 2129, 2079, 1045, 25141, 102}},
    {
      {101, 7592, 2088, 102, 0, 0}, {0, 0, 101, 3231, 2023, 102}, {101, 8568, 3025, 8128, 2085, 102}
    },
    {{101, 2017, 102, 0}, {0, 0, 0, 0}}
  };

  @TempDir static Path packs;
  private static ProbePack pack;
  private static OtlpReceiver receiver;
  private static List<ReceivedSpan> spans;
  private static List<String> log;
  private static final List<double[][]> REFERENCES = new java.util.ArrayList<>();

  @BeforeAll
  static void runBatches() throws Exception {
    pack = new SeededPack("seeded", 16).write(packs.resolve("seeded"));
    for (long[][] batch : BATCHES) {
      REFERENCES.add(reference(batch));
    }
    receiver = OtlpReceiver.start();
    try (ChildJvm app =
        Product.observed("io.innerspan.agent.app.BatchApp", "1.29.0", receiver)
            .property("otel.instrumentation.innerspan.packs", packs.toString())
            .arguments(MiniLm.FILE.toString())
            .start()) {
      app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
      for (long[][] batch : BATCHES) {
        app.send(
            Arrays.stream(batch)
                .map(
                    r -> Arrays.stream(r).mapToObj(Long::toString).collect(Collectors.joining(",")))
                .collect(Collectors.joining(";")));
      }
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
      log = app.log().stream().map(l -> l.text()).toList();
    }
    spans =
        receiver.spans().stream()
            .filter(span -> span.name().startsWith("inference"))
            .sorted(java.util.Comparator.comparing(s -> s.proto().getStartTimeUnixNano()))
            .toList();
  }

  @AfterAll
  static void stop() {
    receiver.close();
  }

  @Test
  void spans_ofEachRun_haveTheModelsIdentity() {
    assertThat(spans).hasSize(BATCHES.length);
    for (int i = 0; i < BATCHES.length; i++) {
      ReceivedSpan span = spans.get(i);
      assertThat(span.name()).isEqualTo("inference all-MiniLM-L6-v2");
      assertThat(span.kind()).isEqualTo(SpanKind.SPAN_KIND_INTERNAL);
      assertThat(span.attribute("artifact.hash")).isEqualTo("sha256:" + MiniLm.SHA256);
      assertThat(span.attribute("innerspan.engine.name")).isEqualTo("onnxruntime");
      assertThat(span.attribute("innerspan.engine.version")).isEqualTo("1.29.0");
      assertThat(span.attribute("innerspan.batch.size")).isEqualTo((long) BATCHES[i].length);
      assertThat(span.duration()).isPositive();
    }
  }

  @Test
  void scores_ofEachSpan_areTheReferencesMaximumOverRows() throws Exception {
    for (int b = 0; b < BATCHES.length; b++) {
      double[][] expected = REFERENCES.get(b);
      for (int s = 0; s < pack.signals().size(); s++) {
        if (pack.signals().get(s) instanceof Probe probe) {
          double best = Double.NEGATIVE_INFINITY;
          for (double[] row : expected) {
            best = Double.isNaN(row[s]) ? best : Math.max(best, row[s]);
          }
          double score = probe.calibration().score(best);
          double actual =
              (double) spans.get(b).attribute("innerspan.probe." + probe.id() + ".score");
          assertThat(Tolerance.FP32.agrees(actual, score))
              .as("batch %s, %s: expected %s, found %s", b, probe.id(), score, actual)
              .isTrue();
          // With so many probes, a missing label means the negative one.
          assertThat(spans.get(b).attribute("innerspan.probe." + probe.id() + ".label"))
              .isEqualTo(score >= 0.5 ? "seen" : null);
        }
      }
    }
  }

  @Test
  void histograms_ofScores_countEveryRowWithTokens() throws Exception {
    long rows = Arrays.stream(BATCHES).mapToLong(batch -> batch.length).sum() - 1;
    for (Probe probe : pack.probes()) {
      HistogramDataPoint point = last("innerspan.probe.score", "innerspan.probe.id", probe.id());
      assertThat(point.getCount()).as(probe.id()).isEqualTo(rows);
      double sum = 0;
      for (double[][] batch : REFERENCES) {
        for (double[] row : batch) {
          double logit = row[pack.signals().indexOf(probe)];
          sum += Double.isNaN(logit) ? 0 : probe.calibration().score(logit);
        }
      }
      assertThat(point.getSum()).isCloseTo(sum, org.assertj.core.data.Offset.offset(1e-4));
    }
  }

  @Test
  void events_ofCrossings_nameTheRow() throws Exception {
    List<ReceivedLog> events =
        receiver.logs().stream()
            .filter(l -> l.eventName().equals("innerspan.probe.threshold_crossed"))
            .toList();
    double[][] expected = REFERENCES.get(0);
    for (Probe probe : pack.probes()) {
      boolean fires = probe.calibration().score(expected[0][pack.signals().indexOf(probe)]) >= 0.5;
      assertThat(
              events.stream()
                  .filter(e -> e.spanId().equals(spans.get(0).spanId()))
                  .filter(e -> probe.id().equals(e.attribute("innerspan.probe.id")))
                  .filter(e -> Long.valueOf(0).equals(e.attribute("innerspan.batch.row"))))
          .as(probe.id())
          .hasSize(fires ? 1 : 0);
    }
    assertThat(events).allMatch(e -> e.eventName().equals(e.attribute("event.name")));
  }

  @Test
  void startLine_isOne_andNamesVersionPacksAndHooks() {
    assertThat(log.stream().filter(l -> l.contains("Innerspan " + Product.version())))
        .singleElement()
        .asString()
        .contains("seeded 1.0.0")
        .contains("ONNX Runtime");
  }

  @Test
  void telemetry_holdsNoText() {
    assertThat(receiver.spans().toString() + receiver.logs() + receiver.metrics())
        .doesNotContain("25141");
  }

  private static HistogramDataPoint last(String metric, String key, String value) {
    List<ReceivedMetric> metrics =
        receiver.metrics().stream().filter(m -> m.name().equals(metric)).toList();
    for (int i = metrics.size() - 1; i >= 0; i--) {
      for (HistogramDataPoint point : metrics.get(i).histogramPoints()) {
        if (point.getAttributesList().stream()
            .anyMatch(a -> a.getKey().equals(key) && a.getValue().getStringValue().equals(value))) {
          return point;
        }
      }
    }
    throw new AssertionError("no " + metric + " with " + key + "=" + value);
  }

  /** {@code [row][signal]} raw values of the reference mathematics on tapped activations. */
  private static double[][] reference(long[][] ids) throws Exception {
    long[][] mask =
        Arrays.stream(ids)
            .map(row -> Arrays.stream(row).map(id -> id == 0 ? 0 : 1).toArray())
            .toArray(long[][]::new);
    float[][][][] activations = MiniLm.activations(ids, mask);
    double[][] values = new double[ids.length][pack.signals().size()];
    for (int row = 0; row < ids.length; row++) {
      for (int s = 0; s < values[row].length; s++) {
        Signal signal = pack.signals().get(s);
        int layer = signal instanceof ActivationSummary ? 5 : s % MiniLm.LAYERS;
        values[row][s] = ReferenceSignal.value(signal, activations[layer][row], mask[row]);
      }
    }
    return values;
  }
}
