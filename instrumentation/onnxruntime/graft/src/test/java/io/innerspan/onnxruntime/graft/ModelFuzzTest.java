package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Signal;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.testing.mutation.ModelMutator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * Whatever is done to a model, it is refused or compiled: no other exception, no case that takes
 * unbounded memory or never ends.
 */
class ModelFuzzTest {
  private static final long SEED = 20261121;

  /**
   * Damage makes models of up to some 5 MB, of which some 16 copies are made one after the other.
   */
  private static final long MAX_ALLOCATED = 128L << 20;

  private final List<ModelProto> models =
      SmallModels.all().stream().map(SmallModel::model).toList();
  private final ModelMutator mutator = new ModelMutator(models);

  @Test
  void scanAndCompile_damagedModel_isRefusedOrCompiled() throws Exception {
    int cases = FuzzRun.count("models", 1_600);
    FuzzRun run = new FuzzRun(MAX_ALLOCATED);
    Map<String, Integer> outcomes = run.run(cases, SEED, this::one);
    Logger.getLogger("ModelFuzzTest")
        .info(() -> outcomes + ", at most " + run.mostAllocated() + " bytes");
    if (cases >= 1_000) {
      assertThat(outcomes).containsKeys("unreadable", "refused", "compiled", "nothing to compile");
      assertThat(outcomes.get("compiled")).isGreaterThan(cases / 4);
    }
  }

  /** What chance takes 80,000 models to meet: every node without its inputs or outputs. */
  @Test
  void scanAndCompile_nodeWithoutOperands_isRefusedOrCompiled() throws Exception {
    List<ModelProto> damaged = OperandMutator.all(models);
    // All of them where there is time, else one of each fifty, another one in each.
    int stride = FuzzRun.count("models", 1_600) >= damaged.size() ? 1 : 50;
    Map<String, Integer> outcomes =
        new FuzzRun(MAX_ALLOCATED)
            .run(
                damaged.size() / stride,
                SEED,
                (number, random) ->
                    one(damaged.get(number * stride + number % stride).toByteArray(), random));
    assertThat(outcomes).containsKeys("compiled", "nothing to compile");
  }

  private String one(int number, Random random) throws Exception {
    return one(mutator.mutate(number % models.size(), random), random);
  }

  private static String one(byte[] bytes, Random random) throws Exception {
    OnnxModel model;
    try {
      model = OnnxModel.scan(ByteBuffer.wrap(bytes));
    } catch (ModelRefusedException e) {
      assertThat(e.reason()).isNotBlank().doesNotContain("\n");
      return e.unreadable() ? "unreadable" : "refused";
    }
    assertThat(ModelDescription.of(model).toString()).isNotBlank();
    List<Signal> signals = signals(model);
    Overlay overlay =
        OverlayCompiler.compile(
            model, signals, Set.of(), random.nextBoolean() ? Gating.NONE : Gating.ALL);
    assertThat(overlay.signals().size() + overlay.refusals().size()).isEqualTo(signals.size());
    Exposure exposure =
        OverlayCompiler.expose(model, signals.stream().map(s -> s.hookPoints().get(0)).toList());
    requireKnownTensors(model, overlay.bytes());
    requireKnownTensors(model, exposure.bytes());
    boolean intervened = intervene(model, bytes);
    return overlay.isEmpty() && !intervened ? "nothing to compile" : "compiled";
  }

  private static List<Signal> signals(OnnxModel model) {
    List<Signal> signals = new ArrayList<>();
    List<TapPoint> taps = new ArrayList<>(model.hookPoints());
    taps.addAll(model.candidates());
    for (TapPoint tap : taps) {
      String place = tap.hookPoint().name();
      int count = signals.size();
      if (place.isBlank()) {
        continue;
      }
      signals.add(Signals.norm("n" + count, place));
      if (count < 24 && tap.width() > 0 && tap.width() < 100) {
        int width = (int) tap.width();
        for (int i = 0; i < Signals.POOLINGS.size(); i += 2) {
          signals.add(Signals.probe("p" + count + "_" + i, place, Signals.POOLINGS.get(i), width));
        }
      }
    }
    signals.add(Signals.norm("missing", "blocks.99.hook_resid_post"));
    return signals;
  }

  /** Nothing that is appended may read a tensor that the model has not. */
  private static void requireKnownTensors(OnnxModel model, byte[] overlay) throws Exception {
    Set<String> known = new HashSet<>();
    model.graph().getInputList().forEach(value -> known.add(value.getName()));
    model.graph().getInitializerList().forEach(tensor -> known.add(tensor.getName()));
    for (NodeProto node : model.graph().getNodeList()) {
      // What the model itself reads in vain is for the runtime to refuse.
      known.addAll(node.getInputList());
      known.addAll(node.getOutputList());
    }
    ModelProto added = ModelProto.parseFrom(overlay);
    added.getGraph().getInputList().forEach(value -> known.add(value.getName()));
    added.getGraph().getInitializerList().forEach(tensor -> known.add(tensor.getName()));
    for (NodeProto node : added.getGraph().getNodeList()) {
      node.getInputList().forEach(input -> requireKnown(known, input));
      known.addAll(node.getOutputList());
    }
    added.getGraph().getOutputList().forEach(output -> requireKnown(known, output.getName()));
  }

  private static void requireKnown(Set<String> known, String tensor) {
    if (!known.contains(tensor)) {
      throw new AssertionError("the overlay reads '" + tensor + "', which is not there");
    }
  }

  private static boolean intervene(OnnxModel model, byte[] bytes) {
    List<Site> sites = new ArrayList<>();
    for (TapPoint tap : model.hookPoints()) {
      sites.add(new Site(tap.hookPoint(), Site.Edit.REPLACE));
    }
    for (Layer layer : model.layers()) {
      sites.add(new Site(new HookPoint(layer.block() + ".attn.hook_z"), Site.Edit.ADD));
    }
    InterventionGraph graph = InterventionCompiler.compile(model, sites);
    assertThat(graph.inactive()).hasSameSizeAs(graph.inputs());
    try {
      assertThat(graph.applyTo(bytes)).hasSizeGreaterThanOrEqualTo(bytes.length);
    } catch (ModelRefusedException e) {
      assertThat(e.reason()).startsWith("expected one node with the output ");
    }
    return !graph.sites().isEmpty();
  }
}
