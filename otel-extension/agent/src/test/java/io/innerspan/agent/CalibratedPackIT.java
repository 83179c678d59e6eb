package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedLog;
import io.innerspan.testing.ReceivedSpan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pack that the command {@code calibrate} wrote, in the built agent: three probes whose logits
 * are twice too sure, each calibrated by another method, and a drift monitor over the scores of
 * one.
 */
class CalibratedPackIT {
  private static final String APP = "io.innerspan.agent.app.BatchApp";
  private static final String VERSION = "1.29.0";
  private static final List<String> METHODS = List.of("platt", "temperature", "isotonic");
  private static final List<Pooling> POOLINGS = List.of(Pooling.MEAN, Pooling.LAST, Pooling.CLS);
  private static final double TOO_SURE = 2;
  private static final double SPREAD = 3;
  private static final double RATE = 0.05;

  /** Labelled texts of each method; as many are traffic. */
  private static final int ROWS = 320;

  private static final int WORDS = 4;
  private static final int AT_ONCE = 40;
  private static final int SHIFTED = 400;
  private static final int WINDOW = 200;

  @TempDir private Path folder;

  /** Of all texts, one part after another: those of each method, then the traffic. */
  private List<String> texts = List.of();

  private long[][] ids = {};

  /** {@code [method][text]}, by the reference mathematics. */
  private double[][] logits = {};

  @Test
  void calibratedPack_givesCalibratedScores_andItsMonitorFindsDrift() throws Exception {
    Path tokenizer = MiniLm.tokenizer(folder);
    write(tokenizer);
    ProbePack pack = calibrated(tokenizer);
    List<Probe> probes = pack.probes();
    List<DoubleUnaryOperator> scores = probes.stream().map(CalibratedPackIT::byHand).toList();

    assertThat(pack.version()).isEqualTo("1.0.3");
    Calibration.Platt platt = (Calibration.Platt) probes.get(0).calibration();
    assertThat(platt.a()).isCloseTo(1 / TOO_SURE, within(0.2));
    assertThat(platt.b()).isCloseTo(0, within(0.5));
    assertThat(((Calibration.Temperature) probes.get(1).calibration()).t())
        .isCloseTo(TOO_SURE, within(0.8));
    Threshold threshold = Objects.requireNonNull(probes.get(0).threshold());
    double edge = scores.get(0).applyAsDouble(conformal());
    assertThat(threshold.targetFpr()).isEqualTo(RATE);
    assertThat(threshold.score()).isCloseTo(edge, within(1e-4));

    int[] ascending = ascending(0);
    List<Integer> single =
        List.of(
            ascending[0],
            ascending[ascending.length / 3],
            ascending[ascending.length / 2],
            ascending[ascending.length * 9 / 10],
            ascending[ascending.length - 1]);
    List<List<Integer>> batches = batches(single, ascending);
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      try (ChildJvm app =
          Product.observed(APP, VERSION, receiver)
              .property("otel.instrumentation.innerspan.packs", folder.resolve("packs").toString())
              .arguments(MiniLm.FILE.toString())
              .start()) {
        app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
        batches.forEach(batch -> app.send(line(batch)));
        app.closeInput();
        app.awaitSuccess(Product.PATIENCE);
      }
      List<ReceivedSpan> spans =
          receiver.spans().stream()
              .filter(span -> span.name().startsWith("inference"))
              .sorted(Comparator.comparing(s -> s.proto().getStartTimeUnixNano()))
              .toList();
      assertThat(spans).hasSize(batches.size());
      for (int i = 0; i < single.size(); i++) {
        for (int method = 0; method < METHODS.size(); method++) {
          String attribute = "innerspan.probe." + METHODS.get(method);
          double logit = logits[method][single.get(i)];
          double expected = scores.get(method).applyAsDouble(logit);
          assertThat((double) spans.get(i).attribute(attribute + ".score"))
              .as("%s of logit %s", attribute, logit)
              .isCloseTo(expected, within(1e-4));
        }
        double score = scores.get(0).applyAsDouble(logits[0][single.get(i)]);
        assertThat(spans.get(i).attribute("innerspan.probe.platt.label"))
            .isEqualTo(score >= threshold.score() ? "seen" : "unseen");
      }
      // The methods differ where a logit is far out: no score is another method's.
      assertThat(scores.get(0).applyAsDouble(SPREAD)).isLessThan(sigmoid(SPREAD) - 0.05);

      List<ReceivedLog> findings =
          receiver.logs().stream()
              .filter(event -> event.eventName().equals("innerspan.finding"))
              .toList();
      assertThat(findings).isNotEmpty();
      ReceivedLog drift = findings.get(0);
      assertThat(drift.attribute("innerspan.monitor.id")).isEqualTo("drift");
      assertThat(drift.attribute("innerspan.finding.kind")).isEqualTo("drift");
      assertThat(drift.attribute("innerspan.finding.method")).isEqualTo("ks");
      assertThat(drift.attribute("innerspan.finding.direction")).isEqualTo("above");
      assertThat(drift.attribute("innerspan.finding.baseline_count")).isEqualTo((long) ROWS);
      // While the traffic was the baseline's own, nothing was found.
      int ordinary = single.size() + ROWS / AT_ONCE;
      List<String> before = spans.subList(0, ordinary).stream().map(ReceivedSpan::spanId).toList();
      assertThat(findings).extracting(ReceivedLog::spanId).doesNotContainAnyElementsOf(before);
    }
  }

  /** The score of a logit, by the definition of its calibration. */
  private static DoubleUnaryOperator byHand(Probe probe) {
    Calibration calibration = probe.calibration();
    if (calibration instanceof Calibration.Platt platt) {
      return logit -> sigmoid(platt.a() * logit + platt.b());
    }
    if (calibration instanceof Calibration.Temperature temperature) {
      return logit -> sigmoid(logit / temperature.t());
    }
    List<Calibration.Isotonic.Point> points = ((Calibration.Isotonic) calibration).points();
    return logit -> {
      Calibration.Isotonic.Point last = points.get(0);
      for (Calibration.Isotonic.Point next : points) {
        if (logit <= next.logit()) {
          double width = next.logit() - last.logit();
          double share = width == 0 ? 1 : (logit - last.logit()) / width;
          return last.score() + Math.max(0, share) * (next.score() - last.score());
        }
        last = next;
      }
      return last.score();
    };
  }

  private static double sigmoid(double value) {
    return 1 / (1 + Math.exp(-value));
  }

  /** The ⌈(n + 1)(1 − rate)⌉-th smallest benign logit of the first method's texts. */
  private double conformal() {
    boolean[] positive = drawn(0);
    double[] benign =
        IntStream.range(0, ROWS)
            .filter(text -> !positive[text])
            .mapToDouble(text -> logits[0][text])
            .sorted()
            .toArray();
    return benign[(int) Math.ceil((benign.length + 1) * (1 - RATE)) - 1];
  }

  /** Single texts, then the traffic again, then only texts that the first probe scores high. */
  private List<List<Integer>> batches(List<Integer> single, int[] ascending) {
    List<List<Integer>> batches = new ArrayList<>();
    single.forEach(text -> batches.add(List.of(text)));
    int traffic = METHODS.size() * ROWS;
    for (int from = traffic; from < texts.size(); from += AT_ONCE) {
      batches.add(IntStream.range(from, from + AT_ONCE).boxed().toList());
    }
    int high = ascending.length / 5;
    for (int from = 0; from < SHIFTED; from += AT_ONCE) {
      batches.add(
          IntStream.range(from, from + AT_ONCE)
              .mapToObj(i -> ascending[ascending.length - 1 - i % high])
              .toList());
    }
    return batches;
  }

  /** The texts by what a probe reads of them. */
  private int[] ascending(int method) {
    return IntStream.range(0, texts.size())
        .boxed()
        .sorted(Comparator.comparingDouble(text -> logits[method][text]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The same pack three times over, each time with one probe more calibrated. */
  private ProbePack calibrated(Path tokenizer) throws Exception {
    Path pack = folder.resolve("bare");
    for (int method = 0; method < METHODS.size(); method++) {
      boolean last = method == METHODS.size() - 1;
      Path out = folder.resolve(last ? "packs/calibrated" : METHODS.get(method));
      List<String> arguments =
          new ArrayList<>(List.of("calibrate", "--pack", pack.toString(), "--out", out.toString()));
      arguments.addAll(List.of("--model", MiniLm.FILE.toString()));
      arguments.addAll(List.of("--tokenizer", tokenizer.toString()));
      arguments.addAll(List.of("--data", data(method).toString(), "--text-column", "text"));
      arguments.addAll(List.of("--label-column", "label", "--positive", "yes"));
      arguments.addAll(List.of("--probe", METHODS.get(method), "--method", METHODS.get(method)));
      arguments.addAll(List.of("--target-fpr", Double.toString(RATE)));
      if (last) {
        Path traffic = folder.resolve("traffic.txt");
        Files.write(traffic, texts.subList(METHODS.size() * ROWS, texts.size()));
        arguments.addAll(List.of("--traffic", traffic.toString(), "--baseline", "platt.score"));
        // Charts would want a longer baseline.
        arguments.addAll(List.of("--drift-method", "ks", "--window", Integer.toString(WINDOW)));
      }
      WorkbenchCommand.run(arguments);
      pack = out;
    }
    return PackReader.read(pack);
  }

  private Path data(int method) throws Exception {
    boolean[] positive = drawn(method);
    List<String> lines = new ArrayList<>(List.of("text,label"));
    for (int i = 0; i < ROWS; i++) {
      lines.add(texts.get(method * ROWS + i) + "," + (positive[i] ? "yes" : "no"));
    }
    return Files.write(folder.resolve(METHODS.get(method) + ".csv"), lines);
  }

  /** Labels that a method's texts have with the probability of a logit that is half as large. */
  private boolean[] drawn(int method) {
    Random random = new Random(method);
    boolean[] drawn = new boolean[ROWS];
    for (int i = 0; i < ROWS; i++) {
      drawn[i] = random.nextDouble() < sigmoid(logits[method][method * ROWS + i] / TOO_SURE);
    }
    return drawn;
  }

  /** Makes texts, and a pack whose logits of them are 0 on average and vary by {@link #SPREAD}. */
  private void write(Path tokenizer) throws Exception {
    texts(tokenizer);
    List<LinearProbe> plain = new ArrayList<>();
    Random random = new Random(7);
    for (int method = 0; method < METHODS.size(); method++) {
      float[] weight = new float[MiniLm.WIDTH];
      for (int d = 0; d < weight.length; d++) {
        weight[d] = (float) random.nextGaussian();
      }
      plain.add(probe(method, weight, 0));
    }
    logits = new double[METHODS.size()][texts.size()];
    for (int from = 0; from < ids.length; from += ROWS) {
      long[][] part = Arrays.copyOfRange(ids, from, from + ROWS);
      long[][] mask = new long[ROWS][WORDS + 2];
      Arrays.stream(mask).forEach(row -> Arrays.fill(row, 1));
      float[][][][] activations = MiniLm.activations(part, mask);
      for (int method = 0; method < METHODS.size(); method++) {
        for (int row = 0; row < ROWS; row++) {
          logits[method][from + row] =
              ReferenceSignal.value(plain.get(method), activations[method][row], mask[row]);
        }
      }
    }
    List<LinearProbe> scaled = new ArrayList<>();
    for (int method = 0; method < METHODS.size(); method++) {
      double mean = Arrays.stream(logits[method]).average().orElseThrow();
      double variance =
          Arrays.stream(logits[method]).map(z -> (z - mean) * (z - mean)).average().orElseThrow();
      double scale = SPREAD / Math.sqrt(variance);
      float[] weight = plain.get(method).direction().toArray();
      for (int d = 0; d < weight.length; d++) {
        weight[d] *= (float) scale;
      }
      scaled.add(probe(method, weight, (float) (-mean * scale)));
      logits[method] = Arrays.stream(logits[method]).map(z -> (z - mean) * scale).toArray();
    }
    new SeededPack("calibrated", scaled).write(folder.resolve("bare"));
  }

  private static LinearProbe probe(int method, float[] weight, float bias) {
    return new LinearProbe(
        METHODS.get(method),
        MiniLm.layerOutput(method),
        POOLINGS.get(method),
        weight,
        bias,
        new Calibration.None(),
        null,
        "seen",
        "unseen");
  }

  /** Different texts of a few words that are one token each. */
  private void texts(Path tokenizer) throws Exception {
    List<Map.Entry<String, JsonElement>> words =
        JsonParser.parseString(Files.readString(tokenizer))
            .getAsJsonObject()
            .getAsJsonObject("model")
            .getAsJsonObject("vocab")
            .entrySet()
            .stream()
            .filter(word -> word.getKey().matches("[a-z]{4,8}"))
            .sorted(Map.Entry.comparingByKey())
            .toList();
    Random random = new Random(1);
    Map<String, long[]> drawn = new LinkedHashMap<>();
    while (drawn.size() < (METHODS.size() + 1) * ROWS) {
      List<Map.Entry<String, JsonElement>> chosen = new ArrayList<>();
      for (int i = 0; i < WORDS; i++) {
        chosen.add(words.get(random.nextInt(words.size())));
      }
      long[] row = new long[WORDS + 2];
      row[0] = 101;
      for (int i = 0; i < WORDS; i++) {
        row[i + 1] = chosen.get(i).getValue().getAsLong();
      }
      row[WORDS + 1] = 102;
      drawn.put(chosen.stream().map(Map.Entry::getKey).collect(Collectors.joining(" ")), row);
    }
    texts = List.copyOf(drawn.keySet());
    ids = drawn.values().toArray(long[][]::new);
  }

  private String line(List<Integer> batch) {
    return batch.stream()
        .map(text -> Arrays.stream(ids[text]).mapToObj(Long::toString))
        .map(row -> row.collect(Collectors.joining(",")))
        .collect(Collectors.joining(";"));
  }
}
