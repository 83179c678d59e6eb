package io.innerspan.agent;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Overlay;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Signal;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.monitor.Monitors;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.PackBuilder;
import io.innerspan.signals.pack.PackWriter;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.Sampling;
import io.innerspan.signals.pack.TokenizerIdentity;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.signals.safetensors.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A pack of seeded random probes for MiniLM, with honest golden cases. */
final class SeededPack {
  /** Of every kind. */
  private static final List<Pooling> POOLINGS =
      List.of(
          Pooling.MEAN,
          Pooling.LAST,
          Pooling.CLS,
          Pooling.MAX,
          Pooling.ema(0.5),
          Pooling.rollingMax(3),
          Pooling.topKMean(2),
          Pooling.softmax(0.7));

  private final String name;
  private final int probes;
  private final List<LinearProbe> given;
  private String sha256 = MiniLm.SHA256;
  private float goldenError;
  private Monitors monitors = Monitors.NONE;
  private @Nullable TokenizerIdentity tokenizer;

  SeededPack(String name, int probes) {
    this.name = name;
    this.probes = probes;
    this.given = List.of();
  }

  /** These probes instead of random ones. */
  SeededPack(String name, List<LinearProbe> given) {
    this.name = name;
    this.probes = given.size();
    this.given = given;
  }

  /** Claims to be for another model of the same structure. */
  SeededPack forDigest(String digest) {
    this.sha256 = digest;
    return this;
  }

  /** Claims other logits for its golden inputs than the model gives. */
  SeededPack withGoldenError(float error) {
    this.goldenError = error;
    return this;
  }

  /** Watches its signals. */
  SeededPack withMonitors(Monitors watched) {
    this.monitors = watched;
    return this;
  }

  /** Was made with this tokenizer. */
  SeededPack withTokenizer(String digest) {
    this.tokenizer = new TokenizerIdentity(digest);
    return this;
  }

  ProbePack write(Path folder) throws Exception {
    OnnxModel model = MiniLm.scan();
    PackBuilder pack =
        ProbePack.builder(
            name,
            "1.0.0",
            "Apache-2.0",
            new ModelIdentity("all-MiniLM-L6-v2", sha256, model.structure()));
    Random random = new Random(name.hashCode());
    List<Signal> signals = new ArrayList<>();
    for (int i = 0; i < probes; i++) {
      LinearProbe probe = given.isEmpty() ? probe(i, random) : given.get(i);
      signals.add(probe);
      float[] x = gaussian(random, 2 * MiniLm.WIDTH, 1);
      float[] logits = new float[2];
      for (int row = 0; row < 2; row++) {
        logits[row] =
            (float)
                ReferenceProbe.logit(
                    probe,
                    java.util.Arrays.copyOfRange(x, row * MiniLm.WIDTH, (row + 1) * MiniLm.WIDTH));
      }
      pack.probe(probe, Tensor.ofFloats(x, 2, MiniLm.WIDTH), Tensor.ofFloats(logits));
      pack.sampling(probe.id(), Sampling.ALWAYS); // Some poolings would lie behind a gate.
    }
    ActivationSummary norm =
        ActivationSummary.norm(name.replace('-', '_') + "_norm", MiniLm.layerOutput(5));
    pack.signal(norm);
    signals.add(norm);
    pack.goldenInput(golden(model, signals));
    pack.monitors(monitors);
    if (tokenizer != null) {
      pack.tokenizer(tokenizer);
    }
    return PackWriter.write(folder, pack.build());
  }

  private LinearProbe probe(int index, Random random) {
    return new LinearProbe(
        name.replace('-', '_') + "_" + index,
        MiniLm.layerOutput(index % MiniLm.LAYERS),
        POOLINGS.get(index % POOLINGS.size()),
        gaussian(random, MiniLm.WIDTH, 0.1f),
        (float) random.nextGaussian(),
        new Calibration.Platt(0.8, -0.1),
        new Threshold(0.5, 0.01),
        "seen",
        "unseen");
  }

  private GoldenInput golden(OnnxModel model, List<Signal> signals) throws Exception {
    long[][] ids = {{101, 2129, 2079, 1045, 25141, 102}, {101, 7592, 102, 0, 0, 0}};
    long[][] mask = {{1, 1, 1, 1, 1, 1}, {1, 1, 1, 0, 0, 0}};
    Overlay overlay = OverlayCompiler.compile(model, signals, Set.of());
    Map<String, Tensor> logits = new HashMap<>();
    try (OrtSession session =
            OrtEnvironment.getEnvironment().createSession(MiniLm.concatenate(overlay.bytes()));
        OrtSession.Result result = session.run(MiniLm.inputs(ids, mask))) {
      float[][] reading =
          (float[][]) ((OnnxTensor) result.get(overlay.readingOutput()).orElseThrow()).getValue();
      for (int i = 0; i < probes; i++) {
        logits.put(
            overlay.signals().get(i).id(),
            Tensor.ofFloats(new float[] {reading[0][i] + goldenError, reading[1][i]}));
      }
    }
    return new GoldenInput(
        Map.of(
            "input_ids", Tensor.ofLongs(flat(ids), 2, 6),
            "attention_mask", Tensor.ofLongs(flat(mask), 2, 6),
            "token_type_ids", Tensor.ofLongs(new long[12], 2, 6)),
        logits);
  }

  private static long[] flat(long[][] rows) {
    return java.util.Arrays.stream(rows).flatMapToLong(java.util.Arrays::stream).toArray();
  }

  private static float[] gaussian(Random random, int count, float scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian() * scale;
    }
    return values;
  }
}
