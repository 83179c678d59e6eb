package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;
import static io.innerspan.testing.models.Attributes.subgraph;

import io.innerspan.onnxruntime.graft.onnx.FunctionProto;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.OperatorSetIdProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.ModelInput.Role;
import io.innerspan.testing.models.Traits.Family;
import io.innerspan.testing.models.Traits.OrtVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Encoders in forms of file and of graph that need care. */
final class Forms {
  private static final TransformerFixture POST = TransformerFixture.postNorm();
  private static final String WIDTH = Integer.toString(Blocks.WIDTH);
  private static final List<String> DIMS = List.of("batch", "sequence");

  private Forms() {}

  static List<SmallModel> all() {
    SmallModel plain = POST.named("encoder", OrtVersion.V1_12_1);
    SmallModel cached = SmallModels.named(Decoders.all(), "decoder-with-cache");
    return List.of(
        Transforms.pinned(plain, 1, 8),
        Transforms.pinned(plain, 3, 8),
        Transforms.pinned(cached, 1, 1),
        Transforms.externalData(plain),
        Transforms.ir3(POST.spelledOut(9).named("encoder-opset-9", OrtVersion.V1_12_1)),
        localFunction(),
        branchAfter(),
        loopAfter(),
        insideIf(),
        insideLoop());
  }

  /** Normalisations are calls of a function that the model defines: opset 15, IR 8. */
  private static SmallModel localFunction() {
    Style style = Style.POST_NORM.with(Style.Norm.LAYER_FUNCTION);
    SmallModel calls =
        POST.with(style).withOpset(15).named("encoder-local-function", OrtVersion.V1_12_1);
    GraphWriter body = new GraphWriter(Norms.FUNCTION, 15, DataType.FLOAT, 0, "");
    Norms.spelledOut(body, "x", "scale", "shift");
    GraphProto nodes = Constants.inPlaceOfInitializers(body.graph());
    FunctionProto function =
        FunctionProto.newBuilder()
            .setDomain(Norms.FUNCTION_DOMAIN)
            .setName(Norms.FUNCTION)
            .addAllInput(List.of("x", "scale", "shift"))
            .addOutput(nodes.getNode(nodes.getNodeCount() - 1).getOutput(0))
            .addAllNode(nodes.getNodeList())
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(15))
            .build();
    ModelProto model = calls.model().toBuilder().addFunctions(function).build();
    return new SmallModel(
        calls.name(), calls.traits(), model, Map.of(), calls.hooks(), calls.inputs());
  }

  private static GraphWriter inputs(String name) {
    GraphWriter graph = new GraphWriter(name, 17, DataType.FLOAT, 91, "");
    graph.input(new ModelInput("input_ids", DataType.INT64, DIMS, Role.TOKENS, Blocks.VOCABULARY));
    graph.input(new ModelInput("attention_mask", DataType.INT64, DIMS, Role.MASK, 0));
    return graph;
  }

  private static SmallModel finish(GraphWriter graph, String name, String hidden, int layers) {
    graph.named("last_hidden_state", "Identity", List.of(hidden));
    graph.output("last_hidden_state", DataType.FLOAT, "batch", "sequence", WIDTH);
    return graph.model(name, Traits.transformer(Family.ENCODER, layers, 0, OrtVersion.V1_12_1));
  }

  /** Layers in the main graph, and after them an If whose bodies use their output. */
  private static SmallModel branchAfter() {
    GraphWriter graph = inputs("branch");
    List<String> one = List.of("1");
    graph.input(new ModelInput("normalize", DataType.BOOL, one, Role.ONES, 0));
    String hidden = POST.write(graph);
    GraphWriter then = body("then");
    then.named("then/unit", "LpNormalization", List.of(hidden), integer("axis", -1));
    then.output("then/unit", DataType.FLOAT, "batch", "sequence", WIDTH);
    GraphWriter other = body("else");
    other.named("else/same", "Identity", List.of(hidden));
    other.output("else/same", DataType.FLOAT, "batch", "sequence", WIDTH);
    String chosen =
        graph.node(
            "If",
            List.of("normalize"),
            subgraph("then_branch", then.graph()),
            subgraph("else_branch", other.graph()));
    return finish(graph, "encoder-then-if", chosen, POST.layers());
  }

  /** Layers in the main graph, and after them a Loop that halves their output three times. */
  private static SmallModel loopAfter() {
    GraphWriter graph = inputs("loop");
    String hidden = POST.write(graph);
    GraphWriter body = loopBody("body");
    body.named("body/out", "Mul", List.of("body/in", body.scalar(0.5f)));
    body.output("body/out", DataType.FLOAT, "batch", "sequence", WIDTH);
    String halved = loop(graph, 3, hidden, body);
    return finish(graph, "encoder-then-loop", halved, POST.layers());
  }

  /** All layers in a body of an If. */
  private static SmallModel insideIf() {
    GraphWriter graph = inputs("inside");
    graph.input(new ModelInput("enabled", DataType.BOOL, List.of("1"), Role.ONES, 0));
    String chosen =
        graph.node(
            "If",
            List.of("enabled"),
            subgraph("then_branch", branch("then", POST.layers())),
            subgraph("else_branch", branch("else", 0)));
    return finish(graph, "encoder-inside-if", chosen, POST.layers());
  }

  private static GraphProto branch(String name, int layers) {
    GraphWriter graph = body(name);
    String hidden = POST.withLayers(layers).write(graph);
    graph.output(hidden, DataType.FLOAT, "batch", "sequence", WIDTH);
    return graph.graph();
  }

  /** One layer in the body of a Loop that runs twice: the same weights in each layer. */
  private static SmallModel insideLoop() {
    GraphWriter graph = inputs("inside-loop");
    Blocks outer = new Blocks(graph, Style.POST_NORM);
    String table = graph.weights(1, Blocks.VOCABULARY, Blocks.WIDTH);
    String words = graph.node("Gather", List.of(table, "input_ids"), integer("axis", 0));
    String stream = outer.normalize(words);
    String bias = Masks.padding(graph, "attention_mask", DataType.INT64);
    GraphWriter body = loopBody("body");
    String out = new Blocks(body, Style.POST_NORM).layer("", "body/in", bias, null);
    body.output(out, DataType.FLOAT, "batch", "sequence", WIDTH);
    return finish(graph, "encoder-inside-loop", loop(graph, 2, stream, body), 2);
  }

  private static GraphWriter body(String name) {
    return new GraphWriter(name, 17, DataType.FLOAT, 92, name + "/");
  }

  private static GraphWriter loopBody(String name) {
    GraphWriter body = body(name);
    body.input(name + "/step", DataType.INT64);
    body.input(name + "/going", DataType.BOOL);
    body.input(name + "/in", DataType.FLOAT, "batch", "sequence", WIDTH);
    body.named(name + "/on", "Identity", List.of(name + "/going"));
    body.output(name + "/on", DataType.BOOL);
    return body;
  }

  private static String loop(GraphWriter graph, int times, String start, GraphWriter body) {
    List<String> inputs = new ArrayList<>(List.of(graph.longScalar(times), "", start));
    return graph.node("Loop", inputs, subgraph("body", body.graph()));
  }
}
