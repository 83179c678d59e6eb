package io.innerspan.benchmarks.jmh;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.benchmarks.application.MiniLm;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One inference as the application sees it, with a stub in place of the native call. The agent is
 * whichever the JVM was started with; what it adds is the difference to the plain upstream agent.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class InferenceBenchmark {
  /** System property: the model's file. */
  public static final String MODEL = "innerspan.benchmark.model";

  /** System property: how many probes must be read. */
  public static final String PROBES = "innerspan.benchmark.probes";

  private static final int SEQUENCE = 16;
  private static final int SETTLING_RUNS = 50;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Rows per inference. */
  @Param("1")
  public int rows;

  private OrtSession session;
  private Map<String, OnnxTensor> inputs;

  /** Opens the model, and waits with real inferences until all probes are read. */
  @Setup
  public void open() throws OrtException {
    session = MiniLm.open(System.getProperty(MODEL));
    inputs = MiniLm.inputs(rows, SEQUENCE, 0);
    int probes = Integer.getInteger(PROBES);
    int columns = probes == 0 ? 0 : probes + 1;
    NativeStub.observe(Thread.currentThread());
    long begin = System.nanoTime();
    int settled = 0;
    while (settled < SETTLING_RUNS) {
      session.run(inputs).close();
      settled = NativeStub.readingColumns() == columns ? settled + 1 : 0;
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        throw new IllegalStateException(
            "expected readings of " + columns + " columns, found " + NativeStub.readingColumns());
      }
    }
    NativeStub.replay();
  }

  /** One inference. */
  @Benchmark
  public void run() throws OrtException {
    session.run(inputs).close();
  }
}
