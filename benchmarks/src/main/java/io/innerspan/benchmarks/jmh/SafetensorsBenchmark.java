package io.innerspan.benchmarks.jmh;

import io.innerspan.benchmarks.RandomProbes;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.safetensors.SafetensorsException;
import io.innerspan.signals.safetensors.SafetensorsFile;
import io.innerspan.signals.safetensors.SafetensorsReader;
import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
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

/** Reading probes' weights, one tensor each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class SafetensorsBenchmark {
  /** The tensors in the file. */
  @Param({"16", "384"})
  public int probes;

  private ByteBuffer file;

  /** Writes the file. */
  @Setup
  public void write() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (LinearProbe probe : RandomProbes.of(probes)) {
      tensors.put(probe.id() + ".weight", Tensor.ofFloats(probe.weight(), 1, probe.width()));
    }
    file = ByteBuffer.wrap(SafetensorsWriter.toBytes(tensors, Map.of()));
  }

  /** Reads and checks the whole file. */
  @Benchmark
  public SafetensorsFile read() throws SafetensorsException {
    return SafetensorsReader.read(file, "weights.safetensors");
  }
}
