package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Position;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Sae;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Signal;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.PackBuilder;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.testing.models.TransformerFixture;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/** Packs with every kind of signal, for the places of the small transformers. */
final class FuzzPacks {
  private static final int WIDTH = TransformerFixture.WIDTH;
  private static final String PLACE = "blocks.1.hook_normalized_resid_post";
  private static final HookPoint STREAM = new HookPoint(PLACE);
  private static final HookPoint LOGITS = new HookPoint("logits");

  private FuzzPacks() {}

  static List<ProbePack> all() {
    List<Signal> linear = new ArrayList<>();
    for (Pooling pooling : Signals.POOLINGS) {
      linear.add(Signals.probe(pooling.kind().label(), PLACE, pooling, WIDTH));
    }
    return List.of(
        pack("linear", linear), pack("heads", Signals.heads(WIDTH, PLACE)), pack("kinds", kinds()));
  }

  private static List<Signal> kinds() {
    Sae sae =
        new Sae(
            WIDTH,
            20,
            new Sae.Activation.TopK(floats(20), 3, true),
            Sae.Normalization.LAYER_NORM,
            true,
            floats(20 * WIDTH),
            floats(20 * WIDTH),
            floats(WIDTH));
    return List.of(
        new ActivationSummary(
            "activations",
            STREAM,
            new HookPoint("blocks.0.hook_normalized_resid_post"),
            TokenSelection.excluding(0, 3),
            EnumSet.allOf(ActivationSummary.Statistic.class)),
        new AttentionSummary(
            "attention", new HookPoint("blocks.1.attn.hook_pattern"), TokenSelection.ALL, 2, true),
        new OutputConfidence("confidence", LOGITS, Position.FIRST, 1.5, null),
        new LayerLens("lens", List.of(STREAM), LOGITS, Position.FIRST, 2, List.of()),
        new SaeFeatures("features", STREAM, sae, SaeFeatures.Scope.POOLED, 3, List.of()),
        new PopulationDistance(
            "distance",
            STREAM,
            TokenSelection.ALL,
            Pooling.MEAN,
            floats(WIDTH),
            axes(),
            Floats.of("variances", new float[] {4, 2}),
            0.5));
  }

  /** The first and the last direction. */
  private static Floats axes() {
    float[] values = new float[2 * WIDTH];
    values[0] = 1;
    values[values.length - 1] = 1;
    return Floats.of("components", values);
  }

  private static Floats floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) Math.sin(i + 1);
    }
    return Floats.of("values", values);
  }

  private static ProbePack pack(String name, List<Signal> signals) {
    PackBuilder pack =
        ProbePack.builder(name, "1.0.0", "MIT", new ModelIdentity("m", "ab".repeat(32), null));
    for (Signal signal : signals) {
      if (signal instanceof Probe probe) {
        float[] x = new float[WIDTH];
        x[3] = 1;
        float logit = (float) ReferenceProbe.logit(probe, x);
        Tensor golden = Tensor.ofFloats(new float[] {logit});
        pack.probe(probe, Tensor.ofFloats(x, 1, WIDTH), golden);
        pack.goldenInput(
            new GoldenInput(
                Map.of("input_ids", Tensor.ofLongs(new long[] {1}, 1, 1)),
                Map.of(probe.id(), golden)));
      } else {
        pack.signal(signal);
      }
    }
    return pack.build();
  }
}
