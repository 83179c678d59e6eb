package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.monitor.Finding;
import io.innerspan.signals.monitor.FindingGate;
import io.innerspan.signals.monitor.FindingKind;
import io.innerspan.signals.monitor.Moment;
import io.innerspan.signals.monitor.Monitor;
import io.innerspan.signals.monitor.MonitorScope;
import io.innerspan.signals.monitor.MonitorSet;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import io.innerspan.workbench.stats.Binomial;
import io.innerspan.workbench.stats.CalibrationError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A probe whose logits are three times too sure: it reads a text's last word, and the word's logit
 * over three is what the label was drawn with.
 */
class CalibrateCommandTest {
  private static final int WORDS = 16;
  private static final double TOO_SURE = 3;

  @TempDir private static Path folder;
  private static Path model;
  private static Path tokenizer;
  private static Path pack;
  private static Path data;
  private static List<String> held;
  private static boolean[] labels;

  @BeforeAll
  static void write() throws Exception {
    model = Planted.model(folder);
    tokenizer = Planted.tokenizer(folder);
    float[] weight = new float[64];
    for (int id = 0; id < WORDS; id++) {
      weight[id] = logit(id);
    }
    pack = Planted.lastWord(folder, model, tokenizer, weight);
    List<String> texts = texts(new Random(1), 6000);
    boolean[] drawn = drawn(texts, new Random(2));
    data = csv(folder.resolve("data.csv"), texts.subList(0, 3000), drawn);
    held = texts.subList(3000, 6000);
    labels = Arrays.copyOfRange(drawn, 3000, 6000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"temperature", "platt", "isotonic"})
  void calibrate_tooSureScores_areProbabilitiesOnHeldOutRows(String method) throws Exception {
    Path out = folder.resolve(method);

    JsonObject scores = calibrate(out, "--method", method).getAsJsonObject("scores");

    assertThat(scores.get("positive_rows").getAsInt() + scores.get("other_rows").getAsInt())
        .isEqualTo(3000);
    assertThat(scores.get("ece_before").getAsDouble()).isGreaterThan(0.1);
    assertThat(scores.get("ece").getAsDouble()).isLessThan(0.03);
    assertThat(scores.get("brier").getAsDouble())
        .isLessThan(scores.get("brier_before").getAsDouble());
    ProbePack written = PackReader.read(out);
    Calibration calibration = written.probes().get(0).calibration();
    double[] logits = logits(written.probes().get(0), held);
    assertThat(ece(logits, new Calibration.None())).isGreaterThan(0.1);
    assertThat(ece(logits, calibration)).isLessThan(0.03);
    double[] sorted = Arrays.stream(logits).sorted().map(calibration::score).toArray();
    assertThat(sorted).isSorted();
    if (calibration instanceof Calibration.Temperature temperature) {
      assertThat(temperature.t()).isCloseTo(TOO_SURE, within(0.3));
    } else if (calibration instanceof Calibration.Platt platt) {
      assertThat(platt.a()).isCloseTo(1 / TOO_SURE, within(0.03));
      assertThat(platt.b()).isCloseTo(0, within(0.1));
    }
    assertThat(written.version()).isEqualTo("1.0.1");
    assertThat(written.report(written.probes().get(0).id()).metrics()).containsKeys("ece", "brier");
    assertThat(Command.run("check", out, "--model", model).exitCode()).isZero();
  }

  /** The words' logits are steps: a threshold lies on one, and its promise holds all the same. */
  @ParameterizedTest
  @ValueSource(strings = {"platt", "isotonic"})
  void calibrate_thresholds_keepTheirRatesOnHeldOutRows(String method) throws Exception {
    Path out = folder.resolve("thresholds-" + method);

    JsonObject scores =
        calibrate(out, "--method", method, "--target-fpr", "0.2", "--target-fpr", "0.05")
            .getAsJsonObject("scores");

    assertThat(scores.getAsJsonArray("thresholds")).hasSize(2);
    ProbePack written = PackReader.read(out);
    Probe probe = written.probes().get(0);
    Threshold own = Objects.requireNonNull(probe.threshold());
    Threshold other = written.report(probe.id()).otherThresholds().get(0);
    assertThat(own.targetFpr()).isEqualTo(0.2);
    assertThat(other.score()).isGreaterThan(own.score());
    double[] logits = logits(probe, held);
    for (Threshold threshold : List.of(own, other)) {
      int benign = 0;
      int over = 0;
      for (int i = 0; i < logits.length; i++) {
        benign += labels[i] ? 0 : 1;
        boolean fires = probe.calibration().score(logits[i]) >= threshold.score();
        over += !labels[i] && fires ? 1 : 0;
      }
      // Not more than promised, by the exact lower bound of what was counted.
      assertThat(1 - Binomial.upperBound(benign - over, benign, .999))
          .isLessThanOrEqualTo(threshold.targetFpr());
      assertThat(Objects.requireNonNull(threshold.certificate()).fprUpperBound())
          .isGreaterThan((double) over / benign / 2);
    }
  }

  @Test
  void calibrate_again_givesTheSameBytes_andRowsThatWereSeenAreLeftOut() throws Exception {
    calibrate(folder.resolve("once"));
    calibrate(folder.resolve("twice"));
    assertThat(folder.resolve("twice/probe.json"))
        .hasSameBinaryContentAs(folder.resolve("once/probe.json"));

    Command again = run(folder.resolve("once"), folder.resolve("thrice"), data);

    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("expected rows that the pack has not seen, found none");
  }

  @Test
  void calibrate_traffic_findsDriftAndNothingWithoutIt() throws Exception {
    Path out = folder.resolve("drift");
    Path traffic = lines(folder.resolve("traffic.txt"), texts(new Random(3), 4000));

    JsonObject done = traffic(out, traffic, "--distance", Planted.LAYER, "--distance-rank", "4");

    assertThat(done.get("scores").isJsonNull()).isTrue();
    assertThat(done.getAsJsonArray("baselines")).hasSize(2);
    ProbePack written = PackReader.read(out);
    assertThat(written.monitors().monitors()).extracting(Monitor::id).containsExactly("drift");
    assertThat(written.signals()).hasAtLeastOneElementOfType(PopulationDistance.class);
    Command check = Command.run("check", out, "--model", model);
    assertThat(check.exitCode()).as(check.err()).isZero();
    assertThat(findings(written, texts(new Random(4), 2000))).isEmpty();
    List<String> high = texts(new Random(5), 4000);
    high.removeIf(text -> last(text) < 6);
    List<Finding> found = findings(written, high);
    assertThat(found).isNotEmpty();
    assertThat(found.get(0).kind()).isEqualTo(FindingKind.DRIFT);
    assertThat(found).extracting(Finding::signal).contains(written.probes().get(0).id());
  }

  @Test
  void calibrate_mahalanobis_knowsHowValuesGoTogether() throws Exception {
    Path out = folder.resolve("together");
    Path traffic = lines(folder.resolve("together.txt"), texts(new Random(3), 2500));

    JsonObject done =
        traffic(
            out,
            traffic,
            "--distance",
            Planted.LAYER,
            "--distance-rank",
            "4",
            "--drift-method",
            "mahalanobis",
            "--drift-method",
            "psi",
            "--window",
            "500");

    assertThat(done.get("methods").getAsString()).isEqualTo("mahalanobis,psi");
    assertThat(PackReader.read(out).monitors().monitors()).hasSize(1);
  }

  @Test
  void calibrate_trafficTooShortForCharts_saysSo() throws Exception {
    Path few = lines(folder.resolve("short.txt"), texts(new Random(3), 300));
    Path more = lines(folder.resolve("long.txt"), texts(new Random(3), 4000));
    String told = "no chart of " + PackReader.read(pack).probes().get(0).id();

    assertThat(trafficRun(folder.resolve("short"), few).err()).contains(told);
    assertThat(trafficRun(folder.resolve("long"), more).err()).doesNotContain(told);
    assertThat(trafficRun(folder.resolve("windows"), few, "--drift-method", "ks").err())
        .doesNotContain(told);
  }

  @Test
  void calibrate_traffic_isTheOnlyThingThatItChanges() throws Exception {
    Path out = folder.resolve("only");
    traffic(out, lines(folder.resolve("only.txt"), texts(new Random(3), 300)));

    ProbePack before = PackReader.read(pack);
    ProbePack after = PackReader.read(out);

    assertThat(after.signals()).isEqualTo(before.signals());
    assertThat(after.reports()).isEqualTo(before.reports());
    assertThat(after.trainingData()).isEqualTo(before.trainingData());
    assertThat(after.monitors().baselines().get(0).baseline().count()).isEqualTo(300);
  }

  /** A baseline of scores that are not what they were would be drift from the first reading on. */
  @Test
  void calibrate_overABaselineOfScores_wantsItAnew() throws Exception {
    Path out = folder.resolve("scores");
    Path traffic = lines(folder.resolve("scores.txt"), texts(new Random(3), 300));
    String id = PackReader.read(pack).probes().get(0).id();
    traffic(out, traffic, "--baseline", id + ".score");

    Command stale = run(out, folder.resolve("none"), data);
    Command anew =
        run(out, folder.resolve("anew"), data, "--traffic", traffic, "--baseline", id + ".score");

    assertThat(stale.exitCode()).isEqualTo(2);
    assertThat(stale.err()).contains("--traffic that makes it anew, found the baseline '" + id);
    assertThat(anew.exitCode()).as(anew.err()).isZero();
  }

  @Test
  void calibrate_badInput_isOneLine() throws Exception {
    Path few = lines(folder.resolve("few.txt"), texts(new Random(3), 100));
    Path oneSide = csv(folder.resolve("one.csv"), texts(new Random(1), 50), new boolean[50]);
    Path none = folder.resolve("none");
    refused(Command.run(args(pack, none).toArray()), "expected --data, --traffic or both");
    refused(run(pack, none, oneSide), "rows with the label 'yes'");
    refused(run(pack, none, data, "--target-fpr", "0.00001"), "at least 99999 independent benign");
    refused(run(pack, none, data, "--target-fpr", "2"), "--target-fpr: expected a rate");
    refused(run(pack, none, data, "--probe", "other"), "a probe 'other'");
    refused(run(pack, none, data, "--positive-share", "1"), "--positive-share");
    refused(run(pack, none, data, "--method", "magic"), "--method");
    refused(run(pack, pack, data), "an empty directory");
    refused(run(folder.resolve("absent"), none, data), "absent");
    refused(trafficRun(none, few), "at least 200 texts, found 100");
    refused(trafficRun(none, data, "--traffic-column", "no"), "a column named 'no'");
    Path enough = lines(folder.resolve("enough.txt"), texts(new Random(3), 250));
    refused(trafficRun(none, enough, "--baseline", "other"), "--baseline: expected one of the");
    refused(trafficRun(none, enough, "--distance", "blocks.9.hook_resid_post"), "blocks.9");
    refused(trafficRun(none, enough, "--drift-method", "mahalanobis"), "for the monitor");
    assertThat(none).doesNotExist();
  }

  private static void refused(Command command, String message) {
    assertThat(command.exitCode()).as(command.err()).isEqualTo(2);
    assertThat(command.err().lines().filter(line -> line.startsWith("innerspan: "))).hasSize(1);
    assertThat(command.err()).contains(message);
  }

  private static JsonObject calibrate(Path out, Object... more) {
    return json(run(pack, out, data, more));
  }

  private static JsonObject traffic(Path out, Path traffic, Object... more) {
    return json(trafficRun(out, traffic, more));
  }

  private static JsonObject json(Command command) {
    assertThat(command.exitCode()).as(command.err()).isZero();
    return JsonParser.parseString(command.out()).getAsJsonObject();
  }

  private static Command run(Path pack, Path out, Path data, Object... more) {
    List<Object> args = args(pack, out);
    args.addAll(List.of("--data", data, "--text-column", "text", "--label-column", "label"));
    args.addAll(List.of("--positive", "yes"));
    args.addAll(List.of(more));
    return Command.run(args.toArray());
  }

  private static Command trafficRun(Path out, Path traffic, Object... more) {
    List<Object> args = args(pack, out);
    args.addAll(List.of("--traffic", traffic));
    args.addAll(List.of(more));
    return Command.run(args.toArray());
  }

  private static List<Object> args(Path pack, Path out) {
    return new ArrayList<>(
        List.of(
            "calibrate",
            "--pack",
            pack,
            "--model",
            model,
            "--tokenizer",
            tokenizer,
            "--out",
            out,
            "--json"));
  }

  /** What the monitors of a pack find in what a live session reads of texts. */
  private static List<Finding> findings(ProbePack pack, List<String> texts) {
    List<Finding> found = new ArrayList<>();
    List<Reading> readings =
        OnnxTextModel.open(model)
            .readings(pack.signals(), encode(texts), silent().count("", texts.size()))
            .texts();
    ReadingLayout layout = readings.get(0).layout();
    MonitorSet set =
        new MonitorSet(
            pack.monitors(),
            layout,
            new MonitorScope(pack.label(), pack.model().sha256(), ""),
            new FindingGate("test"),
            refused -> {
              throw new AssertionError("watches nothing: " + refused.id());
            });
    MonitorSet.Sink sink =
        new MonitorSet.Sink() {
          @Override
          public void found(Finding finding) {
            found.add(finding);
          }

          @Override
          public void heldBack(Monitor monitor) {}
        };
    long millis = 0;
    for (Reading reading : readings) {
      millis += 100;
      set.offer(reading, new Moment(millis * 1_000_000, millis), sink);
    }
    return found;
  }

  private static double[] logits(Probe probe, List<String> texts) {
    return OnnxTextModel.open(model)
        .readings(List.of(probe), encode(texts), silent().count("", texts.size()))
        .texts()
        .stream()
        .mapToDouble(reading -> reading.logit(0, 0))
        .toArray();
  }

  private static List<TokenIds> encode(List<String> texts) {
    try (TextTokenizer words = TextTokenizer.open(tokenizer)) {
      return texts.stream().map(words::encode).toList();
    }
  }

  private static Progress silent() {
    return new Progress(new PrintWriter(Writer.nullWriter()));
  }

  private static double ece(double[] logits, Calibration calibration) {
    int[] once = new int[logits.length];
    Arrays.fill(once, 1);
    double[] scores = Arrays.stream(logits).map(calibration::score).toArray();
    return CalibrationError.expected(scores, labels, once);
  }

  /** Texts that differ, of words that differ, each with a last word drawn by lot. */
  private static List<String> texts(Random random, int count) {
    Set<String> texts = new LinkedHashSet<>();
    while (texts.size() < count) {
      List<String> words = new ArrayList<>();
      for (int id = 1; id < WORDS; id++) {
        words.add("w" + id);
      }
      Collections.shuffle(words, random);
      texts.add("w0 " + String.join(" ", words.subList(0, 5 + random.nextInt(6))));
    }
    return new ArrayList<>(texts);
  }

  private static boolean[] drawn(List<String> texts, Random random) {
    boolean[] drawn = new boolean[texts.size()];
    for (int i = 0; i < drawn.length; i++) {
      double probability = 1 / (1 + Math.exp(-logit(last(texts.get(i))) / TOO_SURE));
      drawn[i] = random.nextDouble() < probability;
    }
    return drawn;
  }

  private static int last(String text) {
    return Integer.parseInt(text.substring(text.lastIndexOf('w') + 1));
  }

  private static float logit(int id) {
    return (id - 8) * 0.8f;
  }

  private static Path csv(Path file, List<String> texts, boolean[] positive) throws IOException {
    StringBuilder csv = new StringBuilder("text,label\n");
    for (int i = 0; i < texts.size(); i++) {
      csv.append(texts.get(i)).append(',').append(positive[i] ? "yes" : "no").append('\n');
    }
    return Files.writeString(file, csv.toString());
  }

  private static Path lines(Path file, List<String> texts) throws IOException {
    return Files.writeString(file, String.join("\n", texts) + "\n");
  }
}
