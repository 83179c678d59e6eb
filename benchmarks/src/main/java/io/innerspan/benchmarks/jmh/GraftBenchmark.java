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

/** Compiling probes into an overlay for all-MiniLM-L6-v2. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class GraftBenchmark {
  /** The signals to compile. */
  @Param({"16", "384"})
  public int probes;

  private OnnxModel model;
  private List<Signal> signals;

  /** Scans the model. */
  @Setup
  public void scan() throws IOException, ModelRefusedException {
    model = OnnxModel.scan(Path.of(System.getProperty(InferenceBenchmark.MODEL)));
    signals = List.copyOf(RandomProbes.of(probes));
  }

  /** Compiles an overlay. */
  @Benchmark
  public Overlay compile() {
    return OverlayCompiler.compile(model, signals, Set.of());
  }
}
