package io.innerspan.benchmarks.jmh;

import io.innerspan.benchmarks.RandomProbes;
import io.innerspan.signals.Reading;
import io.innerspan.signals.ReadingLayout;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From a reading's raw values to scores. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class ReadingBenchmark {
  /** Signals per row. */
  @Param({"16", "384"})
  public int probes;

  /** Rows per inference. */
  @Param({"1", "8"})
  public int rows;

  private ReadingLayout layout;
  private float[] values;

  /** Makes the values. */
  @Setup
  public void make() {
    layout = new ReadingLayout(RandomProbes.of(probes));
    values = new float[rows * layout.columns()];
    Random random = new Random(probes);
    for (int i = 0; i < values.length; i++) {
      boolean tokens = i % layout.columns() == layout.tokensColumn();
      values[i] = tokens ? 16 : (float) random.nextGaussian();
    }
  }

  /** The largest score of every probe. */
  @Benchmark
  public double scores() {
    Reading reading = new Reading(layout, values, rows);
    double sum = 0;
    for (int probe = 0; probe < probes; probe++) {
      sum += reading.maxScore(probe);
    }
    return sum;
  }
}
