package io.innerspan.benchmarks.jmh;

import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Scanning all-MiniLM-L6-v2: 90 MB, of which the weights are passed over. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ScanBenchmark {
  private final Path file = Path.of(System.getProperty(InferenceBenchmark.MODEL));

  /** Scans the model's file. */
  @Benchmark
  public OnnxModel scan() throws IOException, ModelRefusedException {
    return OnnxModel.scan(file);
  }
}
