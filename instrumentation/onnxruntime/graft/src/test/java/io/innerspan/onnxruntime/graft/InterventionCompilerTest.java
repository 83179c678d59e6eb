package io.innerspan.onnxruntime.graft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import io.innerspan.onnxruntime.graft.Intervention.Ablate;
import io.innerspan.onnxruntime.graft.Intervention.Patch;
import io.innerspan.onnxruntime.graft.Intervention.Steer;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.GraphWriter;
import io.innerspan.testing.models.Tabular;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is refused, what bad input is told, and what becomes of the model's bytes. */
class InterventionCompilerTest {
  private static final Site STREAM = Site.replace("blocks.0.hook_normalized_resid_post");
  private static final Site STEERED = Site.add("blocks.0.hook_normalized_resid_post");
  private static final Site HEADS = Site.replace("blocks.0.attn.hook_z");
  private static final byte[] MODEL = TransformerFixture.postNorm().bytes();

  private static InterventionGraph compile(Site... sites) throws ModelRefusedException {
    return InterventionCompiler.compile(OnnxModel.scan(ByteBuffer.wrap(MODEL)), List.of(sites));
  }

  @Test
  void compile_noSuchPlace_isRefusedAndOthersStay() throws Exception {
    Site missing = Site.replace("blocks.9.hook_resid_post");
    Site input = Site.replace("input_ids");
    InterventionGraph graph = compile(missing, STREAM, input);
    assertThat(graph.sites()).containsExactly(STREAM);
    assertThat(graph.refusals())
        .containsEntry(missing, "the model has no hook point or tensor blocks.9.hook_resid_post")
        .containsEntry(input, "an input of the model: feed other values instead");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.controls(List.of(Ablate.zero(input, Selection.all()))))
        .withMessage("input_ids (replace): an input of the model: feed other values instead");
  }

  @Test
  void compile_integersOrNormInternals_areRefused() throws Exception {
    byte[] bytes = TransformerFixture.postNorm().spelledOut(11).bytes();
    OnnxModel model = OnnxModel.scan(ByteBuffer.wrap(bytes));
    String variance =
        model.graph().getNodeList().stream()
            .filter(node -> node.getOpType().equals("Sqrt"))
            .findFirst()
            .orElseThrow()
            .getOutput(0);
    InterventionGraph graph = InterventionCompiler.compile(model, List.of(Site.replace(variance)));
    assertThat(graph.refusals().values())
        .containsExactly("inside a layer normalisation, which would not be fused");
    assertThat(graph.applyTo(bytes)).isEqualTo(bytes);
    byte[] tokens = tokenCopier();
    assertThat(
            InterventionCompiler.compile(
                    OnnxModel.scan(ByteBuffer.wrap(tokens)), List.of(Site.replace("copy")))
                .refusals()
                .values())
        .containsExactly("expected a floating-point tensor, found INT64");
  }

  private static byte[] tokenCopier() {
    GraphWriter graph = new GraphWriter("copy", 13, DataType.FLOAT, 1, "");
    graph.input("ids", DataType.INT64, "batch");
    graph.named("copy", "Identity", List.of("ids"));
    graph.output("copy", DataType.INT64, "batch");
    return graph.model().toByteArray();
  }

  @Test
  void compile_sameSiteTwice_isAnError() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> compile(STREAM, STREAM))
        .withMessage(STREAM + ": named twice");
  }

  @Test
  void applyTo_model_changesOneByteAndAppends() throws Exception {
    byte[] changed = compile(STREAM, STEERED).applyTo(MODEL);
    int different = 0;
    for (int i = 0; i < MODEL.length; i++) {
      different += MODEL[i] == changed[i] ? 0 : 1;
    }
    assertThat(different).isEqualTo(1);
    assertThat(changed.length).isGreaterThan(MODEL.length);
  }

  @Test
  void applyTo_anotherModel_isRefused() throws Exception {
    InterventionGraph graph = compile(STREAM);
    assertThatExceptionOfType(ModelRefusedException.class)
        .isThrownBy(() -> graph.applyTo(Tabular.brainFloat().bytes()))
        .withMessageMatching("expected one node with the output LayerNormalization_\\d+, found 0");
  }

  @Test
  void applyTo_namesOfOneLetterOrOutsideAscii_areRenamed() throws Exception {
    GraphWriter graph = new GraphWriter("names", 13, DataType.FLOAT, 1, "");
    graph.input("x", DataType.FLOAT, "n", "1");
    graph.named("~", "Identity", List.of("x"));
    graph.named("größe", "Add", List.of("~", "x"));
    graph.named("y", "Identity", List.of("größe"));
    graph.output("y", DataType.FLOAT, "n", "1");
    Site one = Site.add("~");
    Site two = Site.add("größe");
    InterventionRuns runs = InterventionRuns.of(graph.model().toByteArray(), one, two);
    Map<String, OnnxTensor> x =
        Map.of(
            "x",
            OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), new float[][] {{1}, {2}}));
    Steer by10 = new Steer(one, Selection.all().rows(2, 1), 10, new float[] {1});
    Steer by100 = new Steer(two, Selection.all(), 100, new float[] {1});
    assertThat(runs.run(x).get("y").values()).containsExactly(2, 4);
    assertThat(runs.run(x, by10, by100).get("y").values()).containsExactly(102, 114);
  }

  @Test
  void compile_nameWithoutSpare_isRefused() throws Exception {
    GraphWriter graph = new GraphWriter("names", 13, DataType.FLOAT, 1, "");
    graph.input("x", DataType.FLOAT, "n");
    graph.named("é", "Identity", List.of("x"));
    graph.output("é", DataType.FLOAT, "n");
    OnnxModel model = OnnxModel.scan(ByteBuffer.wrap(graph.model().toByteArray()));
    assertThat(InterventionCompiler.compile(model, List.of(Site.add("é"))).refusals().values())
        .containsExactly("no other name of the same length is free");
  }

  @Test
  void controls_badInterventions_areErrorsThatSayWhat() throws Exception {
    InterventionGraph graph = compile(STREAM, STEERED, HEADS);
    String stream = STREAM + ": ";
    rejected(
        graph,
        new Ablate(STREAM, Selection.all(), new float[7]),
        stream + "expected 16 values along axis 2, found 7");
    rejected(
        graph,
        new Patch(STREAM, Selection.all(), new float[16], new long[] {1, 16}),
        stream + "expected a shape that fits [batch, sequence, 16], found [1, 16]");
    rejected(
        graph,
        new Patch(STREAM, Selection.all(), new float[15], new long[] {1, 1, 15}),
        stream + "expected 16 values along axis 2, found 15");
    rejected(
        graph,
        Ablate.zero(STREAM, Selection.all().heads(2, 0)),
        stream + "the activation has no heads to select");
    rejected(
        graph,
        Ablate.zero(HEADS, Selection.all().heads(4, 0)),
        HEADS + ": expected 2 heads, found 4");
    rejected(
        graph,
        new Steer(STEERED, Selection.all(), 1, new float[8]),
        STEERED + ": expected 16 values along axis 2, found 8");
    rejected(
        graph,
        new Patch(STREAM, Selection.all().positions(4, 1), new float[48], new long[] {1, 3, 16}),
        stream + "selected among 4 along axis 1, where the values have 3");
    Ablate zero = Ablate.zero(STREAM, Selection.all());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.controls(List.of(zero, zero)))
        .withMessage(stream + "expected one intervention, found two");
    rejected(
        graph,
        Ablate.zero(Site.replace("nowhere"), Selection.all()),
        "nowhere (replace): expected one of " + graph.sites());
  }

  private static void rejected(InterventionGraph graph, Intervention intervention, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.controls(List.of(intervention)))
        .withMessage(message);
  }

  @Test
  void construction_badValues_areErrorsThatSayWhat() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Steer(STREAM, Selection.all(), 1, new float[16]))
        .withMessage(STREAM + ": expected a site of the kind ADD, found REPLACE");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Patch(STREAM, Selection.all(), new float[3], new long[] {2, 2}))
        .withMessage(STREAM + ": expected 4 values for the shape [2, 2], found 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Patch(STREAM, Selection.all(), new float[0], new long[] {1, 0}))
        .withMessage(STREAM + ": expected sizes of 1 or more, found [1, 0]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Ablate(STREAM, Selection.all(), new float[0]))
        .withMessage(STREAM + ": expected at least one value, found none");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Selection.all().positions(5, 5))
        .withMessage("position: expected 0 to 4, found 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Selection.all().heads(12))
        .withMessage("expected at least one head, found 0 of 12");
  }

  @Test
  void controls_inactive_areAFewFloats() throws Exception {
    InterventionGraph graph = compile(STREAM, STEERED, HEADS);
    assertThat(graph.inactive()).extracting(Control::input).isEqualTo(graph.inputs());
    assertThat(graph.inactive()).allMatch(control -> control.values().length == 1);
    assertThat(graph.inputs())
        .containsExactly(
            "innerspan/intervention/0/mask",
            "innerspan/intervention/0/values",
            "innerspan/intervention/1/add",
            "innerspan/intervention/2/mask",
            "innerspan/intervention/2/values");
  }
}
