package io.innerspan.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.benchmarks.application.MiniLm;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Overlay;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.PackBuilder;
import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.PackWriter;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.Sampling;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A pack of random signals that proves itself as any pack does. */
final class RandomPack {
  /** What a pack's id begins with, before the name of its folder. */
  static final String ID = "benchmark-";

  private static final int GOLDEN_ROWS = 2;
  private static final int GOLDEN_TOKENS = 12;

  /** Makes inputs of a model; the caller closes the tensors. */
  interface InputMaker {
    Map<String, OnnxTensor> inputs(int batch, int sequence, long seed) throws OrtException;
  }

  /** Writes a pack for all-MiniLM-L6-v2. */
  static void write(Path folder, Path model, List<? extends Signal> signals)
      throws IOException, ModelRefusedException, OrtException, PackException {
    write(folder, model, signals, Sampling.AUTO);
  }

  /** Writes a pack for all-MiniLM-L6-v2 whose signals are computed that often. */
  static void write(Path folder, Path model, List<? extends Signal> signals, Sampling sampling)
      throws IOException, ModelRefusedException, OrtException, PackException {
    write(folder, model, "all-MiniLM-L6-v2", signals, sampling, MiniLm::inputs);
  }

  /** Writes a pack for a model. The golden logits are what the grafted model itself computes. */
  static void write(
      Path folder,
      Path model,
      String name,
      List<? extends Signal> made,
      Sampling sampling,
      InputMaker inputs)
      throws IOException, ModelRefusedException, OrtException, PackException {
    Random random = new Random(made.size());
    OnnxModel scanned = OnnxModel.scan(model);
    PackBuilder pack =
        ProbePack.builder(
                ID + folder.getFileName(),
                "1.0.0",
                "Apache-2.0",
                new ModelIdentity(name, sha256(model), scanned.structure()))
            .description("Random weights, to measure what signals cost.");
    for (Signal signal : made) {
      pack.sampling(signal.id(), sampling);
      if (!(signal instanceof Probe probe)) {
        pack.signal(signal);
        continue;
      }
      float[] activation = RandomProbes.gaussians(probe.width(), 1, random);
      float[] logit = {(float) ReferenceProbe.logit(probe, activation)};
      pack.probe(probe, Tensor.ofFloats(activation, 1, probe.width()), Tensor.ofFloats(logit));
    }
    List<Probe> probes =
        made.stream().filter(Probe.class::isInstance).map(Probe.class::cast).toList();
    if (!probes.isEmpty()) {
      pack.goldenInput(goldenInput(scanned, model, probes, inputs, folder));
    }
    PackWriter.write(folder, pack.build());
  }

  private static GoldenInput goldenInput(
      OnnxModel scanned, Path model, List<Probe> probes, InputMaker maker, Path folder)
      throws IOException, OrtException {
    Overlay overlay = OverlayCompiler.compile(scanned, List.<Signal>copyOf(probes), Set.of());
    if (overlay.signals().size() != probes.size()) {
      throw new IllegalStateException(
          "expected every probe to be compiled, refused: " + overlay.refusals());
    }
    Files.createDirectories(folder);
    Path grafted = Files.createTempFile(folder, "grafted", ".onnx");
    Map<String, OnnxTensor> inputs = maker.inputs(GOLDEN_ROWS, GOLDEN_TOKENS, probes.size());
    try {
      Files.copy(model, grafted, StandardCopyOption.REPLACE_EXISTING);
      Files.write(grafted, overlay.bytes(), StandardOpenOption.APPEND);
      try (OrtSession session = MiniLm.open(grafted.toString());
          OrtSession.Result result = session.run(inputs, Set.of(overlay.readingOutput()))) {
        float[][] reading = (float[][]) result.get(0).getValue();
        return new GoldenInput(tensors(inputs), logits(reading, overlay.signals()));
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
      Files.delete(grafted);
    }
  }

  private static Map<String, Tensor> tensors(Map<String, OnnxTensor> inputs) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    inputs.forEach(
        (name, tensor) ->
            tensors.put(
                name, Tensor.ofLongs(tensor.getLongBuffer().array(), tensor.getInfo().getShape())));
    return tensors;
  }

  private static Map<String, Tensor> logits(float[][] reading, List<Signal> columns) {
    Map<String, Tensor> logits = new LinkedHashMap<>();
    for (int column = 0; column < columns.size(); column++) {
      float[] rows = new float[reading.length];
      for (int row = 0; row < rows.length; row++) {
        rows[row] = reading[row][column];
      }
      logits.put(columns.get(column).id(), Tensor.ofFloats(rows));
    }
    return logits;
  }

  static String sha256(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] chunk = new byte[1 << 16];
      for (int read = bytes.read(chunk); read >= 0; read = bytes.read(chunk)) {
        digest.update(chunk, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private RandomPack() {}
}
