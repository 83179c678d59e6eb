package io.innerspan.signals.pack;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.FeatureDictionary;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Mlp;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Position;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Sae;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.SmallSae;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.drift.Baseline;
import io.innerspan.signals.drift.Correlation;
import io.innerspan.signals.drift.DriftMethod;
import io.innerspan.signals.monitor.CanaryMonitor;
import io.innerspan.signals.monitor.Change;
import io.innerspan.signals.monitor.ChangeMonitor;
import io.innerspan.signals.monitor.DisagreementMonitor;
import io.innerspan.signals.monitor.DriftMonitor;
import io.innerspan.signals.monitor.Incident;
import io.innerspan.signals.monitor.Monitors;
import io.innerspan.signals.monitor.RateMonitor;
import io.innerspan.signals.monitor.Rule;
import io.innerspan.signals.monitor.Severity;
import io.innerspan.signals.monitor.Side;
import io.innerspan.signals.monitor.SignalBaseline;
import io.innerspan.signals.monitor.SpikeMonitor;
import io.innerspan.signals.monitor.ThresholdMonitor;
import io.innerspan.signals.monitor.Watched;
import io.innerspan.signals.monitor.Window;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.signals.safetensors.SafetensorsReader;
import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Small packs whose numbers can be followed by hand. */
final class TestPacks {
  static final ModelIdentity MODEL =
      new ModelIdentity("tiny-bert", "ab".repeat(32), "cd".repeat(32));

  /** Two probes, a norm, and everything optional. */
  static ProbePack full() {
    return ProbePack.builder("injection", "1.2.3-rc.1+build.7", "Apache-2.0", MODEL)
        .description("Sees “injections”.")
        .tokenizer(new TokenizerIdentity("ef".repeat(32)))
        .trainingData(
            new TrainingData(
                "12".repeat(32),
                3000,
                "written for tests",
                SeenData.of("34".repeat(32), List.of("One text", "another"), List.of("family"))))
        .probe(
            probe("injection", Pooling.MEAN, new Calibration.Platt(1.7, -0.2)),
            Tensor.ofFloats(new float[] {1, 0, 0, 1}, 2, 2),
            Tensor.ofFloats(new float[] {1.5f, -1.5f}))
        .signal(ActivationSummary.norm("norm_4", new HookPoint("blocks.4.hook_resid_post")))
        .probe(
            probe("off_topic", Pooling.MAX, new Calibration.Temperature(0.1)),
            Tensor.ofFloats(new float[] {2, 1}, 1, 2),
            Tensor.ofFloats(new float[] {0.5f}, 1, 1))
        .goldenInput(
            new GoldenInput(
                Map.of(
                    "input_ids", Tensor.ofLongs(new long[] {101, 7, 102, 101, 102, 0}, 2, 3),
                    "attention_mask", Tensor.ofLongs(new long[] {1, 1, 1, 1, 1, 0}, 2, 3)),
                Map.of("injection", Tensor.ofFloats(new float[] {0.25f, -3}))))
        .goldenInput(
            new GoldenInput(
                Map.of(
                    "input_ids", Tensor.ofInts(new int[] {101, 102}, 1, 2),
                    "scale", Tensor.ofFloats(new float[] {0.5f})),
                Map.of(
                    "injection", Tensor.ofFloats(new float[] {0.25f}),
                    "off_topic", Tensor.ofFloats(new float[] {4}, 1, 1))))
        .canary(canary())
        .canary(
            new Canary(
                "attack.7",
                CanaryKind.RED_TEAM,
                Map.of("input_ids", Tensor.ofLongs(new long[] {7}, 1, 1)),
                Map.of()))
        .report(
            "injection",
            new ProbeReport(
                List.of(new Threshold(0.99, 0.001)),
                Map.of("auroc", new Metric(0.97, 0.95, 0.99)),
                Map.of("length_only_auroc", new Metric(0.61, 0.55, 0.67))))
        .evaluation("rows", Metric.exact(1200))
        .build();
  }

  private static Canary canary() {
    Map<String, Tensor> inputs = Map.of("input_ids", Tensor.ofLongs(new long[] {101, 102}, 1, 2));
    return new Canary(
        "everyday",
        CanaryKind.ORDINARY,
        inputs,
        Map.of(
            "amd64",
            new GoldenInput(
                inputs,
                Map.of("injection", Tensor.ofFloats(new float[] {0.25f})),
                Map.of("norm_4", Tensor.ofFloats(new float[] {3}, 1, 1))),
            "aarch64",
            new GoldenInput(
                inputs, Map.of("injection", Tensor.ofFloats(new float[] {0.26f})), Map.of())));
  }

  /** One probe with a monitor of each kind. */
  static ProbePack monitored() {
    Baseline flat =
        new Baseline(
            1000,
            List.of(0.25, 0.5),
            List.of(0.25, 0.25, 0.5),
            List.of(0.5, 0.01),
            List.of(List.of(0.125, 0.25, 0.625)),
            500);
    Baseline plain =
        new Baseline(1000, List.of(-1.5), List.of(0.5, 0.5), List.of(), List.of(), 1000);
    Rule rule =
        new Rule(
            "often",
            Severity.HIGH,
            List.of("atlas:AML.T0051"),
            "https://wiki.example.com/often",
            60,
            "tier");
    return monitored(
        new Monitors(
            List.of(
                new ThresholdMonitor(
                    new Rule("high", Severity.LOW), Watched.of("p"), Side.ABOVE, 0.9, 0.7, 3),
                new RateMonitor(
                    rule,
                    new Watched("p", "logit"),
                    Side.BELOW,
                    -2,
                    0.2,
                    0.1,
                    Window.ofSeconds(60, 20)),
                new DisagreementMonitor(
                    new Rule("torn", Severity.MEDIUM),
                    Watched.of("p"),
                    new Watched("norm", "l2_norm"),
                    0.5,
                    0.3,
                    0.3,
                    Window.ofCount(100)),
                new DriftMonitor(
                    new Rule("drift", Severity.CRITICAL),
                    List.of("scores", "logits"),
                    Set.of(DriftMethod.CUSUM, DriftMethod.MAHALANOBIS),
                    new Window(2000, 3600, 200),
                    new Correlation(List.of(List.of(1.0, 0.25), List.of(0.25, 1.0))),
                    0.002,
                    50),
                new SpikeMonitor(
                    new Rule("errors", Severity.INFORMATIONAL),
                    Set.of(Incident.ERROR, Incident.FALLBACK),
                    10,
                    60)),
            List.of(
                new SignalBaseline("scores", Watched.of("p"), "ab".repeat(32), flat),
                new SignalBaseline("logits", new Watched("p", "logit"), "ab".repeat(32), plain))));
  }

  /** Monitors of changes and canaries; one that needs no declaration is left out. */
  static ProbePack watchedForChanges() {
    Rule swapped =
        new Rule(
            "swapped",
            Severity.CRITICAL,
            List.of("atlas:AML.T0010"),
            "https://wiki.example.com/swapped",
            30,
            null);
    return monitored(
        new Monitors(
            List.of(
                new ChangeMonitor(swapped, Set.of(Change.MODEL_MISMATCH, Change.MODEL_CHANGE)),
                new CanaryMonitor(new Rule("attacks", Severity.HIGH), Set.of("red_team"))),
            List.of(),
            Set.of("tokenizer_change")));
  }

  /** A probe {@code p} and a norm {@code norm}, watched. */
  static ProbePack monitored(Monitors monitors) {
    return ProbePack.builder(
            "watched", "1.0.0", "MIT", new ModelIdentity("m", "ab".repeat(32), null))
        .probe(
            probe("p", Pooling.CLS, new Calibration.None()),
            Tensor.ofFloats(new float[] {1, 0}, 1, 2),
            Tensor.ofFloats(new float[] {1.5f}))
        .signal(ActivationSummary.norm("norm", new HookPoint("blocks.4.hook_resid_post")))
        .goldenInput(
            new GoldenInput(
                Map.of("input_ids", Tensor.ofLongs(new long[] {1}, 1, 1)),
                Map.of("p", Tensor.ofFloats(new float[] {1.5f}))))
        .monitors(monitors)
        .build();
  }

  /** One probe and nothing optional. */
  static ProbePack small(String name, String id) {
    return ProbePack.builder(name, "1.0.0", "MIT", new ModelIdentity("m", "ab".repeat(32), null))
        .probe(
            probe(id, Pooling.CLS, new Calibration.None()),
            Tensor.ofFloats(new float[] {1, 0}, 1, 2),
            Tensor.ofFloats(new float[] {1.5f}))
        .goldenInput(
            new GoldenInput(
                Map.of("input_ids", Tensor.ofLongs(new long[] {1}, 1, 1)),
                Map.of(id, Tensor.ofFloats(new float[] {1.5f}))))
        .build();
  }

  /** A probe of each kind that reads tokens with more than one product. */
  static ProbePack heads() {
    Mlp mlp =
        new Mlp(
            List.of(
                new Mlp.Layer(new float[] {1, 0, 0, 1, 1, 1}, new float[] {0, 0, -1}),
                new Mlp.Layer(new float[] {1, 2, 3, 0, 0, 1}, new float[] {0.5f, 0})));
    PackBuilder pack =
        ProbePack.builder("heads", "1.0.0", "MIT", new ModelIdentity("m", "ab".repeat(32), null));
    List<Probe> probes =
        List.of(
            new MlpProbe(mlp, probe("mlp", Pooling.ema(0.5), new Calibration.None())),
            attention("attention", null, AttentionProbe.Rule.ATTENTION),
            attention("multimax", mlp, AttentionProbe.Rule.MULTIMAX),
            attention("rolling", mlp, AttentionProbe.Rule.rolling(10)));
    for (Probe probe : probes) {
      float[] x = {1, 3};
      float logit = (float) ReferenceProbe.logit(probe, x);
      pack.probe(probe, Tensor.ofFloats(x, 1, 2), Tensor.ofFloats(new float[] {logit}));
      pack.goldenInput(
          new GoldenInput(
              Map.of("input_ids", Tensor.ofLongs(new long[] {1}, 1, 1)),
              Map.of(probe.id(), Tensor.ofFloats(new float[] {logit}))));
    }
    return pack.build();
  }

  /** A signal of every other kind, with everything optional. */
  static ProbePack kinds() {
    HookPoint before = new HookPoint("blocks.3.hook_normalized_resid_post");
    HookPoint after = new HookPoint("blocks.4.hook_normalized_resid_post");
    HookPoint logits = new HookPoint("logits");
    TokenSelection words = TokenSelection.excluding(0, 102).withoutMask();
    LinearProbe probe =
        new LinearProbe(
            "words",
            after,
            words,
            Pooling.MEAN,
            Floats.of("weight", new float[] {1, -2, 3}),
            0.5f,
            new Calibration.Isotonic(
                List.of(
                    new Calibration.Isotonic.Point(-1, 0.1),
                    new Calibration.Isotonic.Point(2, 0.7))),
            null,
            "yes",
            "no");
    LayerLens.Translator translator =
        new LayerLens.Translator(
            Floats.of("A", new float[] {0, 1, 2, 3}), Floats.of("b", new float[] {4, 5}));
    PackBuilder pack =
        ProbePack.builder("kinds", "1.0.0", "MIT", new ModelIdentity("m", "ab".repeat(32), null))
            .probe(
                probe,
                Tensor.ofFloats(new float[] {1, 1, 1}, 1, 3),
                Tensor.ofFloats(new float[] {2.5f}))
            .sampling("words", Sampling.ALWAYS)
            .signal(
                new ActivationSummary(
                    "activations",
                    after,
                    before,
                    words,
                    EnumSet.allOf(ActivationSummary.Statistic.class)))
            .signal(
                new AttentionSummary(
                    "heads", new HookPoint("blocks.4.attn.hook_pattern"), words, 12, true))
            .signal(
                new LayerLens(
                    "tuned",
                    List.of(before, after),
                    logits,
                    Position.token(103).withoutMask(),
                    2,
                    List.of(translator, translator)));
    Sae shared = SmallSae.of(SmallSae.STANDARD, Sae.Normalization.NONE, true);
    return features(pack, after, words, shared)
        .signal(
            new OutputConfidence(
                "confidence",
                logits,
                Position.FIRST,
                1.5,
                new OutputConfidence.Disagreement("words", 1)))
        .signal(
            new PopulationDistance(
                "distance",
                after,
                words,
                Pooling.CLS,
                Floats.of("mean", new float[] {1, 2, 3}),
                Floats.of("components", new float[] {1, 0, 0, 0, 1, 0}),
                Floats.of("variances", new float[] {4, 2}),
                0.5))
        .goldenInput(
            new GoldenInput(
                Map.of("input_ids", Tensor.ofLongs(new long[] {1}, 1, 1)),
                Map.of("words", Tensor.ofFloats(new float[] {2.5f}))))
        .goldenInput(
            new GoldenInput(
                Map.of("input_ids", Tensor.ofLongs(new long[] {1}, 1, 1)),
                Map.of(),
                Map.of(
                    "activations", Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, Float.NaN}, 1, 6),
                    "distance", Tensor.ofFloats(new float[] {7}, 1, 1))))
        .build();
  }

  /** An autoencoder of each architecture and normalisation; the first two signals share one. */
  private static PackBuilder features(
      PackBuilder pack, HookPoint hookPoint, TokenSelection words, Sae shared) {
    FeatureDictionary dictionary =
        new FeatureDictionary("bert-base/4-res", Map.of(1, "often", 2, "seldom"));
    pack.signal(
        new SaeFeatures(
            "pooled",
            hookPoint,
            words,
            shared,
            SaeFeatures.Scope.POOLED,
            3,
            List.of(new SaeFeatures.Watched(3, "rare")),
            dictionary));
    pack.signal(
        new SaeFeatures(
            "tokens",
            hookPoint,
            words,
            shared,
            SaeFeatures.Scope.TOKENS,
            1,
            List.of(),
            dictionary));
    Map<String, Sae> others =
        Map.of(
            "gated", SmallSae.of(SmallSae.GATED, Sae.Normalization.LAYER_NORM, false),
            "jumprelu",
                SmallSae.of(SmallSae.JUMP_RELU, Sae.Normalization.CONSTANT_NORM_RESCALE, true),
            "topk",
                SmallSae.of(SmallSae.topK(true), Sae.Normalization.EXPECTED_AVERAGE_ONLY_IN, true));
    new TreeMap<>(others)
        .forEach(
            (id, sae) ->
                pack.signal(
                    new SaeFeatures(id, hookPoint, sae, SaeFeatures.Scope.POOLED, 1, List.of())));
    return pack;
  }

  private static AttentionProbe attention(String id, @Nullable Mlp mlp, AttentionProbe.Rule rule) {
    boolean queries = rule.kind() != AttentionProbe.Rule.Kind.MULTIMAX;
    return new AttentionProbe(
        id,
        new HookPoint("blocks.4.hook_normalized_resid_post"),
        mlp,
        rule,
        3,
        queries ? new float[] {1, 0, 0, 1, 1, 1} : new float[0],
        new float[] {0, 1, 2, 3, 4, 5},
        -0.5f,
        new Calibration.None(),
        null,
        "yes",
        "no");
  }

  static LinearProbe probe(String id, Pooling pooling, Calibration calibration) {
    return new LinearProbe(
        id,
        new HookPoint("blocks.4.hook_normalized_resid_post"),
        pooling,
        new float[] {1, -2},
        0.5f,
        calibration,
        new Threshold(0.9, 0.01, new Threshold.Certificate(299, 0.01, 0.95)),
        "injection",
        "ordinary");
  }

  /** Changes the manifest of a written pack. */
  static void editManifest(Path pack, UnaryOperator<String> edit) throws IOException {
    Path manifest = pack.resolve("probe.json");
    String before = Files.readString(manifest);
    String after = edit.apply(before);
    if (after.equals(before)) {
      throw new IllegalStateException("the edit changed nothing");
    }
    Files.writeString(manifest, after);
  }

  /** Changes tensors of a written pack's file, and makes its size and digest right again. */
  static void editTensors(Path pack, String file, UnaryOperator<Map<String, Tensor>> edit)
      throws IOException {
    Path path = pack.resolve(file);
    Map<String, Tensor> tensors = new TreeMap<>(SafetensorsReader.read(path).tensors());
    replaceFile(pack, file, SafetensorsWriter.toBytes(edit.apply(tensors), Map.of()));
  }

  /** Replaces a written pack's file, and makes its size and digest right again. */
  static void replaceFile(Path pack, String file, byte[] bytes) throws IOException {
    Path path = pack.resolve(file);
    byte[] old = Files.readAllBytes(path);
    Files.write(path, bytes);
    editManifest(
        pack,
        json ->
            json.replace(Sha256.hex(old), Sha256.hex(bytes))
                .replaceFirst(
                    "(\"sha256\": \"" + Sha256.hex(bytes) + "\",\\s*\"size\": )" + old.length,
                    "$1" + bytes.length));
  }

  private TestPacks() {}
}
