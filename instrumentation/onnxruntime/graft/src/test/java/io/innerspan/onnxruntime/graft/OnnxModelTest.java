package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.onnxruntime.graft.TapPoint.Safety;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.signals.HookPoint;
import io.innerspan.testing.models.Tabular;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxModelTest {
  static OnnxModel scan(byte[] model) throws ModelRefusedException {
    return OnnxModel.scan(ByteBuffer.wrap(model));
  }

  static TapPoint resolve(OnnxModel model, String name) {
    return Objects.requireNonNull(model.resolve(new HookPoint(name)), name);
  }

  private static List<String> names(OnnxModel model) {
    return model.hookPoints().stream().map(point -> point.hookPoint().name()).toList();
  }

  @Test
  void hookPoints_postNorm_areNamedAsTransformerLensDoes() throws Exception {
    OnnxModel model = scan(TransformerFixture.postNorm().withLayers(1).bytes());
    assertThat(names(model))
        .containsExactly(
            "embed.hook_embed",
            "blocks.0.hook_resid_pre",
            "blocks.0.attn.hook_pattern",
            "blocks.0.hook_attn_out",
            "blocks.0.hook_resid_mid",
            "blocks.0.mlp.hook_post",
            "blocks.0.hook_mlp_out",
            "blocks.0.hook_resid_post",
            "blocks.0.hook_normalized_resid_post");
  }

  @Test
  void hookPoints_preNorm_haveNoNormalizedStream() throws Exception {
    OnnxModel model = scan(TransformerFixture.preNorm().bytes());
    assertThat(model.layers()).hasSize(2);
    assertThat(names(model)).noneMatch(name -> name.contains("normalized_resid"));
    assertThat(names(model)).startsWith("hook_embed").endsWith("ln_final.hook_normalized");
  }

  static List<TransformerFixture> twoLayers() {
    return List.of(
        TransformerFixture.postNorm(),
        TransformerFixture.postNorm().spelledOut(11),
        TransformerFixture.postNorm().spelledOut(13),
        TransformerFixture.postNorm().spelledOut(18),
        TransformerFixture.postNorm().withType(DataType.FLOAT16),
        TransformerFixture.postNorm().withMask(null));
  }

  @ParameterizedTest
  @MethodSource("twoLayers")
  void layers_postNormInAnyDialect_endInTheSecondNorm(TransformerFixture fixture) throws Exception {
    OnnxModel model = scan(fixture.bytes());
    assertThat(model.layers()).hasSize(2);
    TapPoint output = resolve(model, "blocks.0.hook_normalized_resid_post");
    assertThat(output.safety()).isEqualTo(safest(fixture));
    assertThat(output.tensor().shapeText()).isEqualTo("[batch, sequence, 16]");
    assertThat(output.tensor().type().number()).isEqualTo(fixture.type().getNumber());
    assertThat(resolve(model, "blocks.1.hook_resid_pre").tensor()).isEqualTo(output.tensor());
    TapPoint sum = resolve(model, "blocks.0.hook_resid_post");
    assertThat(sum.safety()).isEqualTo(Safety.CAUTION);
    assertThat(sum.note()).contains("SkipLayerNormalization");
    assertThat(producer(fixture.model(), sum).getOpType()).isEqualTo("Add");
  }

  @ParameterizedTest
  @MethodSource("twoLayers")
  void layers_preNormInAnyDialect_endInTheSum(TransformerFixture fixture) throws Exception {
    TransformerFixture preNorm = fixture.withNormFirst(true);
    OnnxModel model = scan(preNorm.bytes());
    assertThat(model.layers()).hasSize(2);
    TapPoint sum = resolve(model, "blocks.0.hook_resid_post");
    assertThat(sum.safety()).isEqualTo(safest(fixture));
    assertThat(producer(preNorm.model(), sum).getOpType()).isEqualTo("Add");
  }

  private static Safety safest(TransformerFixture fixture) {
    return fixture.type() == DataType.FLOAT ? Safety.SAFE : Safety.CAUTION;
  }

  private static NodeProto producer(ModelProto model, TapPoint tap) {
    return model.getGraph().getNodeList().stream()
        .filter(node -> node.getOutputList().contains(tap.tensor().name()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void lastSumOfPreNormModel_always_advisesTheFinalNorm() throws Exception {
    TransformerFixture fixture = TransformerFixture.preNorm();
    TapPoint last = resolve(scan(fixture.bytes()), "blocks.1.hook_resid_post");
    assertThat(last.safety()).isEqualTo(Safety.CAUTION);
    String finalNorm =
        fixture.model().getGraph().getNodeList().stream()
            .filter(node -> node.getOpType().equals("LayerNormalization"))
            .reduce((first, second) -> second)
            .orElseThrow()
            .getOutput(0);
    assertThat(last.note()).endsWith("tap the final normalisation instead: " + finalNorm);
  }

  @Test
  void resolve_insideSpelledOutNorm_isUnsafe() throws Exception {
    TransformerFixture fixture = TransformerFixture.postNorm().spelledOut(11).withMask(null);
    OnnxModel model = scan(fixture.bytes());
    int inside = 0;
    for (NodeProto node : fixture.model().getGraph().getNodeList()) {
      if (List.of("Sqrt", "Pow", "Sub", "ReduceMean").contains(node.getOpType())) {
        assertThat(resolve(model, node.getOutput(0)).usable()).as(node.getOutput(0)).isFalse();
        inside++;
      }
    }
    assertThat(inside).as("five normalisations of two means, Sub, Pow and Sqrt").isEqualTo(25);
  }

  @Test
  void resolve_unknownOrConstant_isNull() throws Exception {
    TransformerFixture fixture = TransformerFixture.postNorm();
    OnnxModel model = scan(fixture.bytes());
    assertThat(model.resolve(new HookPoint("blocks.2.hook_resid_pre"))).isNull();
    assertThat(model.resolve(new HookPoint("nothing"))).isNull();
    String weight = fixture.model().getGraph().getInitializer(0).getName();
    assertThat(model.resolve(new HookPoint(weight))).isNull();
  }

  @Test
  void resolve_rawNameOfLayerOutput_hasItsJudgement() throws Exception {
    OnnxModel model = scan(TransformerFixture.postNorm().bytes());
    TapPoint named = resolve(model, "blocks.0.hook_normalized_resid_post");
    TapPoint raw = resolve(model, named.tensor().name());
    assertThat(raw.tensor()).isEqualTo(named.tensor());
    assertThat(raw.safety()).isEqualTo(Safety.SAFE);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"INT64", "INT32", "FLOAT", "BOOL", "FLOAT16"})
  void maskInput_ofMaskType_isFound(DataType type) throws Exception {
    OnnxModel model = scan(TransformerFixture.postNorm().withMask(type).bytes());
    assertThat(model.maskInput()).isEqualTo("attention_mask");
  }

  @Test
  void maskInput_modelWithoutMask_isNull() throws Exception {
    assertThat(scan(TransformerFixture.postNorm().withMask(null).bytes()).maskInput()).isNull();
  }

  @Test
  void maskInput_twoMasks_isNull() throws Exception {
    ModelProto.Builder model = TransformerFixture.postNorm().model().toBuilder();
    model
        .getGraphBuilder()
        .addInput(model.getGraph().getInput(1).toBuilder().setName("input_mask"));
    assertThat(scan(model.build().toByteArray()).maskInput()).isNull();
  }

  @Test
  void maskInput_thirdDimension_isNull() throws Exception {
    ModelProto.Builder model = TransformerFixture.postNorm().model().toBuilder();
    model
        .getGraphBuilder()
        .getInputBuilder(1)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .addDimBuilder();
    assertThat(scan(model.build().toByteArray()).maskInput()).isNull();
  }

  @Test
  void versionsAndValues_fixture_areAsWritten() throws Exception {
    OnnxModel model = scan(TransformerFixture.postNorm().bytes());
    assertThat(model.opset()).isEqualTo(17);
    assertThat(model.irVersion()).isEqualTo(8);
    assertThat(model.externalData()).isFalse();
    assertThat(model.inputs().stream().map(TensorInfo::name))
        .containsExactly("input_ids", "attention_mask");
    assertThat(model.outputs().stream().map(TensorInfo::name)).containsExactly("last_hidden_state");
  }

  @Test
  void externalData_oneExternalWeight_isTrue() throws Exception {
    ModelProto.Builder model = TransformerFixture.postNorm().model().toBuilder();
    model
        .getGraphBuilder()
        .getInitializerBuilder(0)
        .clearRawData()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    assertThat(scan(model.build().toByteArray()).externalData()).isTrue();
  }

  @Test
  void tabularModel_noLayers_stillScansAndResolves() throws Exception {
    OnnxModel model = scan(Tabular.brainFloat().bytes());
    assertThat(model.layers()).isEmpty();
    assertThat(model.hookPoints()).isEmpty();
    assertThat(resolve(model, "hidden").tensor().shapeText()).isEqualTo("[batch, 12]");
    assertThat(resolve(model, "hidden_bf16").tensor().type()).isEqualTo(ElementType.BFLOAT16);
    assertThat(ModelDescription.of(model).refused()).contains("no transformer layers");
  }
}
