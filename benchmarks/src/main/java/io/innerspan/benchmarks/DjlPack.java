package io.innerspan.benchmarks;

import io.innerspan.benchmarks.application.DjlModels;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.PackBuilder;
import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.PackWriter;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A pack for a model of {@link DjlModels}, with golden values of the model's own activations. */
final class DjlPack {
  private static final int WIDTH = DjlModels.SIZE.width();
  private static final int TOKENS = DjlModels.GOLDEN.length;

  /**
   * Writes a pack of what a configuration reads.
   *
   * @param activations the file of what the layers give
   */
  static void write(Path folder, Path model, DjlConfiguration configuration, Path activations)
      throws IOException, PackException {
    List<Signal> signals = configuration.signals();
    FloatBuffer layers = ByteBuffer.wrap(Files.readAllBytes(activations)).asFloatBuffer();
    Random random = new Random(signals.size());
    PackBuilder pack =
        ProbePack.builder(
                RandomPack.ID + folder.getFileName(),
                "1.0.0",
                "Apache-2.0",
                new ModelIdentity("benchmark", RandomPack.sha256(model), null))
            .description("Random weights, to measure what signals cost.");
    Map<String, Tensor> golden = new LinkedHashMap<>();
    for (Signal signal : signals) {
      pack.sampling(signal.id(), configuration.sampling());
      if (!(signal instanceof Probe probe)) {
        pack.signal(signal);
        continue;
      }
      float[] x = RandomProbes.gaussians(WIDTH, 1, random);
      float[] logit = {(float) ReferenceProbe.logit(probe, x)};
      pack.probe(probe, Tensor.ofFloats(x, 1, WIDTH), Tensor.ofFloats(logit));
      golden.put(probe.id(), Tensor.ofFloats(new float[] {logit(probe, layers)}));
    }
    if (!golden.isEmpty()) {
      long[] mask = new long[TOKENS];
      Arrays.fill(mask, 1);
      pack.goldenInput(
          new GoldenInput(
              Map.of(
                  "input_ids",
                  Tensor.ofLongs(DjlModels.GOLDEN.clone(), 1, TOKENS),
                  "attention_mask",
                  Tensor.ofLongs(mask, 1, TOKENS)),
              golden));
    }
    PackWriter.write(folder, pack.build());
  }

  private static float logit(Probe probe, FloatBuffer layers) {
    int layer = Integer.parseInt(probe.hookPoint().name().split("\\.")[1]);
    float[][] tokens = new float[TOKENS][WIDTH];
    for (int token = 0; token < TOKENS; token++) {
      layers.get((layer * TOKENS + token) * WIDTH, tokens[token]);
    }
    boolean[] real = new boolean[TOKENS];
    Arrays.fill(real, true);
    return (float) ReferenceProbe.logit(probe, tokens, real);
  }

  private DjlPack() {}
}
