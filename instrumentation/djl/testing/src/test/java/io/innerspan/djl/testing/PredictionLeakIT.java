package io.innerspan.djl.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedMetric;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a process holds does not grow with its predictions: compared with the same application
 * without the agent, by the slope of what is held.
 */
class PredictionLeakIT {
  private static final System.Logger LOGGER = System.getLogger(PredictionLeakIT.class.getName());
  private static final String APP = "io.innerspan.djl.testing.app.LeakApp";

  /** 50,000 where it is to be certain. */
  private static final int PREDICTIONS =
      Integer.getInteger("innerspan.djl.leak.predictions", 6_000);

  private static final Duration PATIENCE = Duration.ofMinutes(20);

  /** What waits for export, and what the JVM itself still takes, whatever was done before. */
  private static final double BYTES_THAT_VARY = 3 << 20;

  /** The least that a forgotten tensor costs, with its storage and its data. */
  private static final double NATIVE_BYTES_EACH = Math.max(128, BYTES_THAT_VARY / PREDICTIONS);

  private static final double HEAP_BYTES_EACH = Math.max(32, BYTES_THAT_VARY / PREDICTIONS);

  /** Among several predictions a forgotten manager or array would be at least one. */
  private static final double INSTANCES_EACH = 0.01;

  @TempDir Path folder;

  /** One line of the application. */
  private record Held(double done, double resident, double heap, double managers, double arrays) {
    static Held parse(String line) {
      double[] columns =
          Arrays.stream(line.split(" ")).skip(1).mapToDouble(Double::parseDouble).toArray();
      return new Held(columns[0], columns[1], columns[2], columns[3], columns[4]);
    }
  }

  @Test
  void predictions_leakNothing() throws Exception {
    Djl djl = Djl.with("pytorch-engine").reduce((older, newer) -> newer).orElseThrow();
    Path script = Script.summer(folder.resolve("net.pt"), 0.5);
    Path packs = folder.resolve("packs");
    new ReadingPack("net", "hidden", 3, 0.5).write(packs, ReadingPack.sha256(script));
    ReadingIT.IMPERATIVE.write(packs, ReadingIT.imperativeDigest(djl));
    List<Held> plain = run(djl.application(APP), script);
    List<Held> observed;
    List<ReceivedMetric> metrics;
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      // One prediction in a hundred is a span: the receiver keeps them all.
      observed =
          run(
              djl.observed(APP, receiver)
                  .property("otel.traces.sampler", "traceidratio")
                  .property("otel.traces.sampler.arg", "0.01")
                  .property("otel.instrumentation.innerspan.packs", packs.toString()),
              script);
      metrics = receiver.metrics();
    }
    LOGGER.log(
        System.Logger.Level.INFO,
        String.format(
            Locale.ROOT,
            "%d predictions: native %+.1f bytes each (without the agent %+.1f), heap %+.1f (%+.1f)",
            PREDICTIONS,
            growth(observed, Held::resident),
            growth(plain, Held::resident),
            growth(observed, Held::heap),
            growth(plain, Held::heap)));
    assertThat(metrics).anyMatch(metric -> metric.name().equals("innerspan.probe.score"));
    assertThat(growth(observed, Held::resident) - growth(plain, Held::resident))
        .as("native bytes each: %s, without the agent %s", observed, plain)
        .isLessThan(NATIVE_BYTES_EACH);
    assertThat(growth(observed, Held::heap)).as("heap: %s", observed).isLessThan(HEAP_BYTES_EACH);
    assertThat(growth(observed, Held::managers))
        .as("managers: %s", observed)
        .isLessThan(INSTANCES_EACH);
    assertThat(growth(observed, Held::arrays))
        .as("arrays: %s", observed)
        .isLessThan(INSTANCES_EACH);
  }

  /** In a JVM whose heap and compiler soon take what they will ever take. */
  private static List<Held> run(JvmCommand command, Path script) {
    try (ChildJvm app =
        command
            .jvmArgument("-Xms192m")
            .jvmArgument("-Xmx192m")
            .jvmArgument("-XX:+AlwaysPreTouch")
            .environment("MALLOC_ARENA_MAX", "1")
            .arguments(script.toString(), Integer.toString(PREDICTIONS))
            .start()) {
      app.awaitSuccess(PATIENCE);
      return app.lines(LogLine.Stream.OUT).stream()
          .filter(line -> line.startsWith("held "))
          .map(Held::parse)
          .toList();
    }
  }

  /** The median slope between all pairs (Theil and Sen): single jumps do not sway it. */
  private static double growth(List<Held> held, ToDoubleFunction<Held> quantity) {
    double[] slopes =
        IntStream.range(0, held.size())
            .boxed()
            .flatMapToDouble(
                i ->
                    IntStream.range(i + 1, held.size())
                        .mapToDouble(j -> slope(held.get(i), held.get(j), quantity)))
            .sorted()
            .toArray();
    return (slopes[slopes.length / 2] + slopes[(slopes.length - 1) / 2]) / 2;
  }

  private static double slope(Held earlier, Held later, ToDoubleFunction<Held> quantity) {
    return (quantity.applyAsDouble(later) - quantity.applyAsDouble(earlier))
        / (later.done() - earlier.done());
  }
}
