package io.innerspan.benchmarks.jmh;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.benchmarks.application.MiniLm;
import io.innerspan.onnxruntime.graft.Control;
import io.innerspan.onnxruntime.graft.InterventionCompiler;
import io.innerspan.onnxruntime.graft.InterventionGraph;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Site;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
import org.openjdk.jmh.annotations.TearDown;

/** Runs of all-MiniLM-L6-v2 with sites for interventions of which none is active. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first.
public class InterventionBenchmark {
  /** The outputs of so many layers, each to be patched and steered; 0 is the model as it is. */
  @Param({"0", "1", "6"})
  public int layers;

  /** Tokens of the one row. */
  @Param({"16", "128"})
  public int tokens;

  private Path file;
  private OrtSession session;
  private Map<String, OnnxTensor> inputs;

  /** Opens the model with its sites. */
  @Setup
  public void open() throws IOException, ModelRefusedException, OrtException {
    Path original = Path.of(System.getProperty(InferenceBenchmark.MODEL));
    OnnxModel model = OnnxModel.scan(original);
    List<Site> sites = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      String place = "blocks." + layer + ".hook_normalized_resid_post";
      sites.add(Site.replace(place));
      sites.add(Site.add(place));
    }
    InterventionGraph graph = InterventionCompiler.compile(model, sites);
    if (!graph.refusals().isEmpty()) {
      throw new IllegalStateException("expected every site, refused: " + graph.refusals());
    }
    file = Files.createTempFile("interventions", ".onnx");
    Files.write(file, graph.applyTo(Files.readAllBytes(original)));
    session = MiniLm.open(file.toString());
    inputs = new HashMap<>(MiniLm.inputs(1, tokens, 0));
    for (Control control : graph.inactive()) {
      FloatBuffer values = FloatBuffer.wrap(control.values());
      inputs.put(
          control.input(),
          OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), values, control.shape()));
    }
  }

  /** Closes what was opened. */
  @TearDown
  public void close() throws IOException, OrtException {
    session.close();
    inputs.values().forEach(OnnxTensor::close);
    Files.delete(file);
  }

  /** One inference. */
  @Benchmark
  public void run() throws OrtException {
    session.run(inputs).close();
  }
}
