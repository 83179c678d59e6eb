package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Signal;
import io.innerspan.testing.models.Tabular;
import io.innerspan.testing.models.TransformerFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OverlayCompilerTest {
  private static final String TAP = "blocks.0.hook_normalized_resid_post";
  private static final TransformerFixture MODEL = TransformerFixture.postNorm();

  private static Overlay compile(byte[] model, Signal... signals) throws ModelRefusedException {
    return OverlayCompiler.compile(OnnxModelTest.scan(model), List.of(signals), Set.of());
  }

  /** The reason for which the only signal is refused. */
  private static String refusal(byte[] model, Signal signal) throws ModelRefusedException {
    Overlay overlay = compile(model, signal);
    assertThat(overlay.isEmpty()).isTrue();
    assertThat(overlay.bytes()).isEmpty();
    assertThat(overlay.refusals()).containsOnlyKeys(signal.id());
    return String.valueOf(overlay.refusals().get(signal.id()));
  }

  @Test
  void compile_unknownHookPoint_refusesItAlone() throws Exception {
    Overlay overlay =
        compile(
            MODEL.bytes(),
            Signals.probe("gone", "blocks.9.hook_resid_post", Pooling.MEAN, 16),
            Signals.probe("here", TAP, Pooling.MEAN, 16));
    assertThat(overlay.signals()).extracting(Signal::id).containsExactly("here");
    assertThat(overlay.refusals())
        .containsOnlyKeys("gone")
        .containsEntry(
            "gone",
            new SignalRefusal(
                SignalRefusal.Reason.NO_HOOK_POINT,
                "the model has no hook point or tensor blocks.9.hook_resid_post"));
  }

  @Test
  void compile_otherWidth_refusesWithBoth() throws Exception {
    assertThat(refusal(MODEL.bytes(), Signals.probe("p", TAP, Pooling.MEAN, 8)))
        .isEqualTo(TAP + ": expected an activation of width 8, found 16");
  }

  @Test
  void compile_integerTap_refusesWithType() throws Exception {
    assertThat(refusal(MODEL.bytes(), Signals.probe("p", "input_ids", Pooling.MEAN, 16)))
        .contains("expected a floating-point tensor, found INT64");
  }

  @Test
  void compile_attentionPattern_refusesWithShape() throws Exception {
    assertThat(refusal(MODEL.bytes(), Signals.norm("n", "blocks.0.attn.hook_pattern")))
        .contains("expected [batch, tokens, width] or [batch, width], found [batch, 2, ");
  }

  @Test
  void compile_insideNorm_refuses() throws Exception {
    TransformerFixture spelledOut = MODEL.spelledOut(11);
    String root =
        spelledOut.model().getGraph().getNodeList().stream()
            .filter(node -> node.getOpType().equals("Sqrt"))
            .findFirst()
            .orElseThrow()
            .getOutput(0);
    assertThat(refusal(spelledOut.bytes(), Signals.norm("n", root)))
        .contains("inside a layer normalisation");
  }

  @Test
  void compile_modelWithoutMask_refusesTokensOnly() throws Exception {
    for (Pooling pooling : Signals.POOLINGS) {
      assertThat(refusal(MODEL.withMask(null).bytes(), Signals.probe("p", TAP, pooling, 16)))
          .contains("no attention mask");
    }
    Overlay overlay =
        compile(Tabular.brainFloat().bytes(), Signals.probe("row", "hidden", Pooling.MEAN, 12));
    assertThat(overlay.refusals()).isEmpty();
    assertThat(overlay.maskInput()).isNull();
  }

  @Test
  void compile_oldOperatorSets_refuseWhatTheyLack() throws Exception {
    Signal last = Signals.probe("p", TAP, Pooling.LAST, 16);
    assertThat(refusal(MODEL.spelledOut(9).bytes(), last))
        .contains("pooling last needs operator set 10, the model has 9");
    assertThat(
            refusal(MODEL.spelledOut(9).bytes(), Signals.probe("p", TAP, Pooling.topKMean(2), 16)))
        .contains("pooling top_k_mean(k 2) needs operator set 10, the model has 9");
    assertThat(refusal(MODEL.spelledOut(10).bytes(), Signals.probe("p", TAP, Pooling.ema(1), 16)))
        .contains("pooling ema(alpha 1) needs operator set 11, the model has 10");
    assertThat(
            refusal(
                Tabular.brainFloat().bytes(), Signals.probe("p", "hidden", Pooling.ema(0.5), 12)))
        .contains("pooling ema(alpha 0.5) needs an activation per token");
    assertThat(refusal(MODEL.spelledOut(8).bytes(), Signals.norm("n", TAP)))
        .contains("expected operator set 9 or newer, the model has 8");
  }

  @Test
  void compile_cachedTokens_refuses() throws Exception {
    ModelProto.Builder model = MODEL.model().toBuilder();
    model
        .getGraphBuilder()
        .addInput(model.getGraph().getInput(0).toBuilder().setName("past_key_values.0.key"));
    assertThat(refusal(model.build().toByteArray(), Signals.norm("n", TAP)))
        .contains("cached tokens");
  }

  @Test
  void compile_tokensBeforeBatch_refuses() throws Exception {
    ModelProto.Builder model = MODEL.model().toBuilder();
    var mask = model.getGraphBuilder().getInputBuilder(1).getTypeBuilder().getTensorTypeBuilder();
    mask.getShapeBuilder().getDimBuilder(0).setDimParam("sequence");
    mask.getShapeBuilder().getDimBuilder(1).setDimParam("batch");
    assertThat(refusal(model.build().toByteArray(), Signals.norm("n", TAP)))
        .contains("the tokens first");
  }

  @Test
  void compile_excludedTap_refusesItAlone() throws Exception {
    OnnxModel model = OnnxModelTest.scan(MODEL.bytes());
    String tensor = OnnxModelTest.resolve(model, TAP).tensor().name();
    Overlay overlay =
        OverlayCompiler.compile(
            model,
            List.of(Signals.norm("out", TAP), Signals.norm("in", "blocks.1.hook_resid_mid")),
            Set.of(tensor));
    assertThat(overlay.signals()).extracting(Signal::id).containsExactly("in");
    assertThat(overlay.refusals())
        .containsEntry(
            "out",
            new SignalRefusal(
                SignalRefusal.Reason.UNSUPPORTED, TAP + ": the tap " + tensor + " is excluded"));
  }

  @Test
  void compile_noSignals_isEmpty() throws Exception {
    Overlay overlay = compile(MODEL.bytes());
    assertThat(overlay.isEmpty()).isTrue();
    assertThat(overlay.bytes()).isEmpty();
    assertThat(overlay.refusals()).isEmpty();
  }

  @Test
  void compile_sameIdTwice_isRejected() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> compile(MODEL.bytes(), Signals.norm("n", TAP), Signals.norm("n", TAP)))
        .withMessageContaining("n");
  }

  @Test
  void compile_manyProbesOfOneTap_shareTwoProducts() throws Exception {
    List<Signal> probes = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      probes.add(Signals.probe("p" + i, TAP, Pooling.LAST, 16));
    }
    Overlay overlay = compile(MODEL.bytes(), probes.toArray(new Signal[0]));
    GraphProto graph = ModelProto.parseFrom(overlay.bytes()).getGraph();
    assertThat(graph.getNodeList().stream().filter(node -> node.getOpType().equals("MatMul")))
        .as("one makes an activation of the tokens, one makes logits of that")
        .hasSize(2);
    assertThat(overlay.taps()).hasSize(1);
  }

  @Test
  void compile_anySignals_addsPrefixedNamesAndOneOutput() throws Exception {
    List<Signal> signals = Signals.mixed(16, TAP, "blocks.1.hook_resid_post", "last_hidden_state");
    Overlay overlay = compile(MODEL.bytes(), signals.toArray(new Signal[0]));
    GraphProto graph = ModelProto.parseFrom(overlay.bytes()).getGraph();
    for (NodeProto node : graph.getNodeList()) {
      assertThat(node.getName()).startsWith("innerspan/");
      assertThat(node.getOutputList()).allMatch(name -> name.startsWith("innerspan/"));
    }
    assertThat(graph.getInitializerList()).allMatch(t -> t.getName().startsWith("innerspan/"));
    assertThat(graph.getOutputList()).extracting("name").containsExactly("innerspan/reading");
    assertThat(overlay.maskInput()).isEqualTo("attention_mask");
    assertThat(overlay.taps()).hasSize(3).contains("last_hidden_state");
  }

  @Test
  void expose_ownOutput_isNotAddedAgain() throws Exception {
    OnnxModel model = OnnxModelTest.scan(MODEL.bytes());
    HookPoint own = new HookPoint("last_hidden_state");
    Exposure exposure = OverlayCompiler.expose(model, List.of(own));
    assertThat(exposure.outputs()).containsEntry(own, "last_hidden_state");
    assertThat(exposure.bytes()).isEmpty();
  }

  @Test
  void expose_twoNamesOfOneTensor_addsItOnce() throws Exception {
    byte[] bytes = MODEL.bytes();
    OnnxModel model = OnnxModelTest.scan(bytes);
    HookPoint out = new HookPoint(TAP);
    HookPoint in = new HookPoint("blocks.1.hook_resid_pre");
    Exposure exposure = OverlayCompiler.expose(model, List.of(out, in));
    String tensor = OnnxModelTest.resolve(model, TAP).tensor().name();
    assertThat(exposure.outputs()).containsEntry(out, tensor).containsEntry(in, tensor);
    assertThat(Ort.outputNames(Ort.concat(bytes, exposure.bytes())))
        .containsExactly("last_hidden_state", tensor);
  }

  @Test
  void expose_unknownOrInput_isRefused() throws Exception {
    OnnxModel model = OnnxModelTest.scan(MODEL.bytes());
    HookPoint unknown = new HookPoint("nothing");
    HookPoint input = new HookPoint("input_ids");
    Exposure exposure = OverlayCompiler.expose(model, List.of(unknown, input));
    assertThat(exposure.outputs()).isEmpty();
    assertThat(exposure.refusals()).containsOnlyKeys(unknown, input);
  }
}
