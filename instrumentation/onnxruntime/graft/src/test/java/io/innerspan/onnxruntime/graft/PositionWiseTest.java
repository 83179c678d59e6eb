package io.innerspan.onnxruntime.graft;

import static io.innerspan.testing.models.Attributes.integer;
import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.Position;
import io.innerspan.signals.reference.ModelTail;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.models.GraphWriter;
import io.innerspan.testing.models.Style;
import io.innerspan.testing.models.TransformerFixture;
import io.innerspan.testing.models.TransformerFixture.Head;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PositionWiseTest {
  private static final int TOKENS = 5;

  private final GraphWriter head = new GraphWriter("head", 17, DataType.FLOAT, 3, "head/");

  private ModelProto model(int answers) {
    head.output("logits", DataType.FLOAT, "batch", "sequence", Integer.toString(answers));
    ModelProto.Builder model = TransformerFixture.postNorm().model().toBuilder();
    GraphProto graph = head.graph();
    model
        .getGraphBuilder()
        .addAllNode(graph.getNodeList())
        .addAllInitializer(graph.getInitializerList())
        .addAllOutput(graph.getOutputList());
    return model.build();
  }

  private String product(int answers) {
    String weights = head.weights(0.5, TransformerFixture.WIDTH, answers);
    return head.node("MatMul", List.of("last_hidden_state", weights));
  }

  private static boolean holds(ModelProto model) throws ModelRefusedException {
    OnnxModel scanned = OnnxModelTest.scan(model.toByteArray());
    assertThat(scanned.tail()).isNotNull();
    return scanned.isTailPositionWise();
  }

  private static LayerLens lens(byte[] model, int copies) throws ModelRefusedException {
    List<HookPoint> layers =
        Collections.nCopies(copies, new HookPoint("blocks.0.hook_normalized_resid_post"));
    assertThat(OnnxModelTest.scan(model).resolve(layers.get(0))).isNotNull();
    return new LayerLens("lens", layers, new HookPoint("logits"), Position.LAST, 3, List.of());
  }

  private static void check(ModelProto model) throws Exception {
    byte[] bytes = model.toByteArray();
    Tail tail = Objects.requireNonNull(OnnxModelTest.scan(bytes).tail());
    ModelTail reference = new TailModel(model, tail.start(), tail.logits().name()).tail();
    Batch batch = Batch.random(1, TOKENS, Batch.Padding.LEFT, 3);
    Grafted.of(bytes, Gating.BY_COST, List.of(lens(bytes, 2)))
        .check(batch, batch.feeds(DataType.INT64), Tolerance.FP32, reference);
  }

  @Test
  void holds_oneBiasForAllPositions_isTrue() throws Exception {
    head.named("logits", "Add", List.of(product(7), head.weights(1, 1, 1, 7)));
    assertThat(holds(model(7))).isTrue();
  }

  @Test
  void holds_biasOfEachPosition_isFalse() throws Exception {
    head.named("logits", "Add", List.of(product(7), head.weights(1, TOKENS, 7)));
    ModelProto model = model(7);
    assertThat(holds(model)).isFalse();
    check(model);
  }

  @Test
  void holds_scaleFromAnInput_isFalse() throws Exception {
    String real = head.node("Cast", List.of("attention_mask"), integer("to", 1));
    String scale = head.node("Unsqueeze", List.of(real, head.longs(2)));
    head.named("logits", "Mul", List.of(product(7), scale));
    assertThat(holds(model(7))).isFalse();
  }

  @Test
  void holds_scaleFoundAtRunTime_isFalse() throws Exception {
    ModelProto model =
        TransformerFixture.postNorm()
            .with(Style.POST_NORM.with(Style.Linear.DYNAMIC))
            .withHead(Head.MASKED_LM)
            .model();
    assertThat(holds(model)).isFalse();
    check(model);
  }

  @Test
  void refusal_moreLogitsThanTheBound_saysHowMany() throws Exception {
    head.named("logits", "Identity", List.of(product(40_000)));
    byte[] model = model(40_000).toByteArray();
    SignalRefusal refusal =
        OverlayCompiler.compile(OnnxModelTest.scan(model), List.of(lens(model, 512)), Set.of())
            .refusals()
            .get("lens");
    assertThat(String.valueOf(refusal))
        .contains("at most 16777216 logits of all layers together, found 20480000");
  }
}
