package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Signal;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a process holds does not grow with the runs and sessions it has seen: compared with the same
 * application without the agent, in the same test, by the slope of what is held.
 */
class LeakIT {
  private static final System.Logger LOGGER = System.getLogger(LeakIT.class.getName());
  private static final String APP = "io.innerspan.agent.app.LeakApp";
  private static final String ONNX_RUNTIME = "1.20.0";

  /** 100,000 with the profile {@code matrix}. */
  private static final int RUNS = Integer.getInteger("innerspan.leak.runs", 12_000);

  private static final int SESSIONS = Integer.getInteger("innerspan.leak.sessions", 240);

  /** The least that a forgotten tensor costs is a block of ONNX Runtime's arena, 256 bytes. */
  private static final double NATIVE_BYTES_PER_RUN = 128;

  private static final Duration PATIENCE = Duration.ofMinutes(20);

  /** What waits for export makes the heap larger or smaller, whatever was done before. */
  private static final double HEAP_BYTES_THAT_VARY = 3 << 20;

  private static final double HEAP_BYTES_PER_RUN = Math.max(16, HEAP_BYTES_THAT_VARY / RUNS);
  private static final double NATIVE_BYTES_PER_SESSION = 32 << 10;
  private static final double HEAP_BYTES_PER_SESSION =
      Math.max(512, HEAP_BYTES_THAT_VARY / SESSIONS);

  /** A forgotten session would keep dozens, a run at least one. */
  private static final double INSTANCES_PER_SESSION = 5;

  private static final double INSTANCES_PER_RUN = 0.5;

  private static final int HEADS = 2;

  /** A few batches: readings wait until a batch is full or a second has passed. */
  private static final long MAX_WAITING = 20_000;

  @TempDir static Path folder;
  private static Path model;
  private static Path decoder;

  @BeforeAll
  static void makePack() throws Exception {
    model = Files.write(folder.resolve("small.onnx"), TransformerFixture.postNorm().bytes());
    FixturePack.write(folder.resolve("packs"), "small", model);
    List<Signal> gated =
        List.of(
            FixturePack.features("features", 64),
            new AttentionSummary(
                "attention", new HookPoint("blocks.0.attn.hook_pattern"), HEADS, true));
    FixturePack.write(folder.resolve("gated"), "small", model, gated);
    decoder = SmallModels.named("decoder-with-cache").write(folder);
    DecoderPack.write(folder.resolve("decoders"), decoder);
  }

  /** One line of the application. */
  private record Held(
      double done,
      double resident,
      double heap,
      long engine,
      long ours,
      long waiting,
      long descriptors) {
    static Held parse(String line) {
      String[] columns = line.split(" ");
      return new Held(
          Double.parseDouble(columns[1]),
          Double.parseDouble(columns[2]),
          Double.parseDouble(columns[3]),
          Long.parseLong(columns[4]),
          Long.parseLong(columns[5]),
          Long.parseLong(columns[6]),
          Long.parseLong(columns[7]));
    }
  }

  private interface Quantity {
    double of(Held held);
  }

  @Test
  void runs_manyThousand_leakNothing() throws Exception {
    runs("runs", model, "packs", "innerspan.probe.score");
  }

  /** Gates that open and shut, by a rate at which both happen all the time. */
  @Test
  void runs_withGatedSignals_leakNothing() throws Exception {
    runs("runs", model, "gated", "innerspan.sae.active_features");
  }

  @Test
  void generations_manyThousandSteps_leakNothing() throws Exception {
    runs("generations", decoder, "decoders", "innerspan.generation.step.duration");
  }

  private static void runs(String what, Path of, String packs, String metric) throws Exception {
    List<Held> plain = plain(what, of, RUNS);
    List<Held> observed = observed(what, of, packs, metric, RUNS);
    say(RUNS + " of " + what + ", " + packs, observed, plain);
    assertThat(growth(observed, Held::resident) - growth(plain, Held::resident))
        .as("native bytes per run: %s, without the agent %s", observed, plain)
        .isLessThan(NATIVE_BYTES_PER_RUN);
    assertThat(growth(observed, Held::heap))
        .as("heap bytes per run: %s", observed)
        .isLessThan(HEAP_BYTES_PER_RUN);
    assertSteady(observed, INSTANCES_PER_RUN);
  }

  @Test
  void sessions_openedAndClosed_leaveNothing(@TempDir Path temporary) throws Exception {
    List<Held> plain = plain("sessions", model, SESSIONS);
    List<Held> observed;
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app =
            start(
                agent(receiver, "packs").property("java.io.tmpdir", temporary.toString()),
                "sessions",
                model,
                SESSIONS)) {
      observed = held(app);
      assertThat(app.lines(LogLine.Stream.ERR))
          .anyMatch(line -> line.contains(Product.READINGS_ON));
    }
    say(SESSIONS + " sessions", observed, plain);
    assertThat(growth(observed, Held::resident) - growth(plain, Held::resident))
        .as("native bytes per session: %s, without the agent %s", observed, plain)
        .isLessThan(NATIVE_BYTES_PER_SESSION);
    assertThat(growth(observed, Held::heap) - growth(plain, Held::heap))
        .as("heap bytes per session: %s, without the agent %s", observed, plain)
        .isLessThan(HEAP_BYTES_PER_SESSION);
    assertSteady(observed, INSTANCES_PER_SESSION);
    try (Stream<Path> files = Files.walk(temporary)) {
      assertThat(files).noneMatch(file -> file.getFileName().toString().contains(".onnx"));
    }
  }

  /** Else the others would prove nothing. */
  @Test
  void criterion_ofAnApplicationThatForgetsItsResults_isNotMet() {
    List<Held> leaking = plain("leak", model, RUNS);
    assertThat(growth(leaking, Held::resident)).isGreaterThan(2 * NATIVE_BYTES_PER_RUN);
  }

  private static void say(String what, List<Held> observed, List<Held> plain) {
    LOGGER.log(
        System.Logger.Level.INFO,
        String.format(
            Locale.ROOT,
            "%s: native %+.1f bytes each (without the agent %+.1f), heap %+.1f (%+.1f)",
            what,
            growth(observed, Held::resident),
            growth(plain, Held::resident),
            growth(observed, Held::heap),
            growth(plain, Held::heap)));
  }

  /**
   * What a few sessions hold while they are certified in the background, or until their last
   * readings are recorded, comes and goes.
   */
  private static void assertSteady(List<Held> held, double instancesEach) {
    int half = held.size() / 2;
    assertThat(least(held.subList(half, held.size()), Held::engine))
        .as("instances of ONNX Runtime's classes: %s", held)
        .isLessThanOrEqualTo(least(held.subList(0, half), Held::engine));
    assertThat(growth(held, Held::ours))
        .as("instances of our classes for each: %s", held)
        .isLessThan(instancesEach);
    assertThat(held)
        .as("readings that wait to be recorded")
        .allMatch(stretch -> stretch.waiting() < MAX_WAITING);
    assertThat(least(held.subList(half, held.size()), Held::descriptors))
        .as("open files: %s", held)
        .isLessThanOrEqualTo(least(held.subList(0, half), Held::descriptors));
  }

  private static double least(List<Held> held, Quantity quantity) {
    return held.stream().mapToDouble(quantity::of).min().orElseThrow();
  }

  /** The median slope between all pairs (Theil and Sen): single jumps do not sway it. */
  private static double growth(List<Held> held, Quantity quantity) {
    double[] slopes =
        IntStream.range(0, held.size())
            .boxed()
            .flatMapToDouble(
                i ->
                    IntStream.range(i + 1, held.size())
                        .mapToDouble(
                            j ->
                                (quantity.of(held.get(j)) - quantity.of(held.get(i)))
                                    / (held.get(j).done() - held.get(i).done())))
            .sorted()
            .toArray();
    return (slopes[slopes.length / 2] + slopes[(slopes.length - 1) / 2]) / 2;
  }

  private static List<Held> plain(String what, Path of, int count) {
    try (ChildJvm app = start(Product.application(APP, ONNX_RUNTIME), what, of, count)) {
      return held(app);
    }
  }

  private static List<Held> observed(String what, Path of, String packs, String metric, int count)
      throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app = start(agent(receiver, packs), what, of, count)) {
      app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
      List<Held> held = held(app);
      assertThat(receiver.metrics()).anyMatch(m -> m.name().equals(metric));
      return held;
    }
  }

  /** One inference in a hundred is a span: the receiver keeps them all. */
  private static JvmCommand agent(OtlpReceiver receiver, String packs) {
    return Product.observed(APP, ONNX_RUNTIME, receiver)
        .property("otel.traces.sampler", "traceidratio")
        .property("otel.traces.sampler.arg", "0.01")
        .property("otel.instrumentation.innerspan.sampling-rate", "0.5")
        .property("otel.instrumentation.innerspan.sampling-budget", "1")
        .property("otel.instrumentation.innerspan.packs", folder.resolve(packs).toString());
  }

  private static ChildJvm start(JvmCommand command, String what, Path of, int count) {
    ChildJvm app =
        command
            // A heap and a compiler whose own memory is soon what it will be.
            .jvmArgument("-Xms192m")
            .jvmArgument("-Xmx192m")
            .jvmArgument("-XX:+AlwaysPreTouch")
            .environment("MALLOC_ARENA_MAX", "1")
            .arguments(of.toString(), what, Integer.toString(count))
            .start();
    app.awaitLine("open", line -> line.text().equals("open"), Product.PATIENCE);
    return app;
  }

  private static List<Held> held(ChildJvm app) {
    app.send("go");
    app.awaitSuccess(PATIENCE);
    return Arrays.stream(app.lines(LogLine.Stream.OUT).toArray(String[]::new))
        .filter(line -> line.startsWith("held "))
        .map(Held::parse)
        .toList();
  }
}
