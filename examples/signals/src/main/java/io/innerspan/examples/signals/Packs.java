package io.innerspan.examples.signals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.examples.quickstart.driver.Failure;
import io.innerspan.onnxruntime.graft.Overlay;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.signals.Probe;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.PackBuilder;
import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.PackWriter;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.signals.safetensors.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes a pack for each model. */
final class Packs {
  private final Path folder;

  Packs(Path folder) {
    this.folder = folder;
  }

  /** Writes the pack of a model's signals. */
  void write(Showcase showcase) throws IOException, OrtException {
    String name = String.valueOf(showcase.file().getFileName()).replace(".onnx", "");
    ModelIdentity model =
        new ModelIdentity(name, showcase.sha256(), showcase.structure().structure());
    PackBuilder pack =
        ProbePack.builder(name + "-signals", "1.0.0", "Apache-2.0", model)
            .description("Random or hand-made directions that show what signals look like.");
    List<Probe> probes = new ArrayList<>();
    for (Signal signal : showcase.signals()) {
      if (signal instanceof Probe probe) {
        probes.add(probe);
        float[] x = new float[probe.width()];
        x[0] = 1;
        float logit = (float) ReferenceProbe.logit(probe, x);
        pack.probe(probe, Tensor.ofFloats(x, 1, x.length), Tensor.ofFloats(new float[] {logit}));
      } else {
        pack.signal(signal);
      }
    }
    if (!probes.isEmpty()) {
      pack.goldenInput(golden(showcase, probes));
    }
    try {
      PackWriter.write(folder.resolve(name), pack.build());
    } catch (PackException e) {
      throw Failure.run("the pack of " + name + " cannot be written: " + e.getMessage());
    }
  }

  /** What the model with its probes reads here and now. */
  private static GoldenInput golden(Showcase showcase, List<Probe> probes)
      throws IOException, OrtException {
    Overlay overlay = OverlayCompiler.compile(showcase.structure(), List.copyOf(probes), Set.of());
    if (!overlay.refusals().isEmpty()) {
      throw Failure.run(showcase.name() + ": " + overlay.refusals());
    }
    ByteArrayOutputStream grafted = new ByteArrayOutputStream();
    grafted.write(Files.readAllBytes(showcase.file()));
    grafted.write(overlay.bytes());
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (Map.Entry<String, long[]> input : showcase.tokens().entrySet()) {
      long[] values = input.getValue();
      feeds.put(input.getKey(), OnnxTensor.createTensor(environment, new long[][] {values}));
      inputs.put(input.getKey(), Tensor.ofLongs(values, 1, values.length));
    }
    ReadingLayout layout = new ReadingLayout(overlay.signals());
    Map<String, Tensor> logits = new LinkedHashMap<>();
    try (OrtSession session = environment.createSession(grafted.toByteArray());
        OrtSession.Result result = session.run(feeds)) {
      OnnxTensor reading = (OnnxTensor) result.get(overlay.readingOutput()).orElseThrow();
      float[] columns = ((float[][]) reading.getValue())[0];
      for (Probe probe : probes) {
        float logit = columns[layout.firstColumn(layout.indexOf(probe.id()))];
        logits.put(probe.id(), Tensor.ofFloats(new float[] {logit}));
      }
    } finally {
      feeds.values().forEach(OnnxTensor::close);
    }
    return new GoldenInput(inputs, logits);
  }

  /** A file's digest in lower-case hexadecimal. */
  static String sha256(Path file) throws IOException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
