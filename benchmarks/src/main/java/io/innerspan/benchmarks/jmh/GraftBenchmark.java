package io.innerspan.benchmarks.jmh;

import io.innerspan.benchmarks.RandomProbes;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Overlay;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.signals.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What opening all-MiniLM-L6-v2 costs: its scan, and the overlay's compilation. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class GraftBenchmark {
  /** The signals to compile. */
  @Param({"16", "384"})
  public int probes;

  private Path file;
  private OnnxModel model;
  private List<Signal> signals;

  /** Scans the model once. */
  @Setup
  public void scanOnce() throws IOException, ModelRefusedException {
    file = Path.of(System.getProperty(InferenceBenchmark.MODEL));
    model = OnnxModel.scan(file);
    signals = List.copyOf(RandomProbes.of(probes));
  }

  /** Scans 90 MB. */
  @Benchmark
  public OnnxModel scan() throws IOException, ModelRefusedException {
    return OnnxModel.scan(file);
  }

  /** Compiles an overlay. */
  @Benchmark
  public Overlay compile() {
    return OverlayCompiler.compile(model, signals, Set.of());
  }
}
