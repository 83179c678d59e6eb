package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.OperatorSetIdProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import io.innerspan.signals.HookPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The structure of an ONNX model: its graph without its weights, which are never copied nor looked
 * at. Immutable.
 */
public final class OnnxModel {
  private final ModelProto model;
  private final String structure;
  private final List<TensorInfo> inputs;
  private final List<TensorInfo> outputs;
  private final List<Stack> stacks;
  private final HookPoints hookPoints;
  private final RawTaps rawTaps;
  private final List<TapPoint> candidates;
  private final @Nullable KvCache cache;
  private final TokenSources tokenSources;
  private final TailFinder.Result tail;
  private final boolean tailPositionWise;
  private final Set<String> sizedByData;

  OnnxModel(ModelProto model) throws ModelRefusedException {
    this.model = model;
    GraphProto graph = Functions.inlined(model);
    GraphIndex index = new GraphIndex(graph);
    Tensors tensors = new Tensors(graph, index);
    NormMatcher norms = new NormMatcher(index, tensors);
    Layouts layouts = new Layouts(index, tensors);
    Reach reach = new Reach(index);
    structure = Fingerprint.of(model);
    inputs = inputs(graph, index);
    outputs = outputs(graph, tensors);
    stacks = new LayerFinder(index, norms).find();
    if (stacks.isEmpty() && Subgraphs.holdLayers(graph)) {
      throw new ModelRefusedException(
          "the layers lie in subgraphs (If, Loop or Scan), expected them in the main graph");
    }
    hookPoints =
        new HookPoints(index, tensors, norms, layouts)
            .add(stacks, new EmbeddingFinder(index, reach, inputs));
    Set<String> inputNames =
        inputs.stream().map(TensorInfo::name).collect(Collectors.toUnmodifiableSet());
    rawTaps = new RawTaps(index, tensors, norms, layouts, inputNames, hookPoints());
    candidates =
        stacks.isEmpty()
            ? new Candidates(index, rawTaps).find()
            : Candidates.of(layers(), hookPoints());
    cache = new CacheFinder(index, tensors).find(inputs);
    tokenSources = new TokenSources(inputs, stacks.size(), cache, reach);
    tail = new TailFinder(index, tensors).find(stacks, outputs);
    sizedByData = DataSizes.of(graph, index);
    tailPositionWise = tail.tail() != null && new PositionWise(index).holds(tail.tail());
  }

  /**
   * Scans a model file, which is mapped and not read as a whole.
   *
   * @throws IOException when the file cannot be read
   * @throws ModelRefusedException when it is no ONNX model, or none that can be grafted
   */
  public static OnnxModel scan(Path file) throws IOException, ModelRefusedException {
    return ModelStructure.of(file).scan();
  }

  /**
   * Scans a model between the buffer's position and limit, which stay as they are.
   *
   * @throws ModelRefusedException when it is no ONNX model, or none that can be grafted
   */
  public static OnnxModel scan(ByteBuffer bytes) throws ModelRefusedException {
    return ModelStructure.of(bytes).scan();
  }

  /**
   * The structural fingerprint: lowercase hexadecimal SHA-256 of the graph without weights, equal
   * for models that differ in their weights alone.
   */
  public String structure() {
    return structure;
  }

  /** The transformer layers, stack by stack; empty for other models. */
  public List<Layer> layers() {
    return stacks.stream().flatMap(stack -> stack.layers().stream()).toList();
  }

  /** The places with TransformerLens names, layer by layer. */
  public List<TapPoint> hookPoints() {
    return List.copyOf(hookPoints.byName().values());
  }

  /** The place of a TransformerLens name or raw tensor name, or null when the model has none. */
  public @Nullable TapPoint resolve(HookPoint hookPoint) {
    TapPoint point = hookPoints.byName().get(hookPoint.name());
    return point != null ? point : rawTaps.find(hookPoint);
  }

  /** Why a hook point cannot be resolved. */
  public String missing(HookPoint hookPoint) {
    String reason = hookPoints.missing(hookPoint.name());
    return reason == null
        ? "the model has no hook point or tensor " + hookPoint
        : hookPoint + ": " + reason;
  }

  /**
   * Places that can be read in any model: the outputs of a transformer's layers, or else of the
   * activation functions and blocks before each product with weights, in the order of the graph.
   */
  public List<TapPoint> candidates() {
    return candidates;
  }

  /** The cache of keys and values that a decoder takes, or null. */
  public @Nullable KvCache cache() {
    return cache;
  }

  /** What tells the real tokens of a place with more than one of them per row, or why nothing. */
  TokenSources.Result tokens(TapPoint tap) {
    return tokenSources.of(tap);
  }

  /** Whether a place may have no rows although the model's inputs have some. */
  boolean isSizedByData(TapPoint tap) {
    return sizedByData.contains(tap.tensor().name());
  }

  /** Whether a mask tells of tokens that another graph made activations of. */
  boolean isMaskOfMemory(TensorInfo mask) {
    return tokenSources.isMaskOfMemory(mask);
  }

  /** Whether an input may be what another graph made of tokens. */
  boolean isMemory(TensorInfo input) {
    return tokenSources.isMemory(input);
  }

  /** What the model computes from its last layer to its logits, or null when there is no such. */
  @Nullable Tail tail() {
    return tail.tail();
  }

  /** Whether the tail gives each position's logits whatever the others are. */
  boolean isTailPositionWise() {
    return tailPositionWise;
  }

  /** Why no logits can be computed from other layers' outputs, or null when they can. */
  public @Nullable String tailRefusal() {
    return tail.refusal();
  }

  /** The inputs an application feeds; initializers that may be overridden are left out. */
  public List<TensorInfo> inputs() {
    return inputs;
  }

  /** The outputs in the model's order. */
  public List<TensorInfo> outputs() {
    return outputs;
  }

  /**
   * The input that tells real tokens from padding, {@code [batch, tokens]}; null when no input, or
   * more than one, has such a name, type and shape.
   */
  public @Nullable String maskInput() {
    return MaskFinder.find(inputs);
  }

  /** Whether weights lie in other files. */
  public boolean externalData() {
    return Subgraphs.externalData(model.getGraph());
  }

  /** The version of the ONNX format. */
  public long irVersion() {
    return model.getIrVersion();
  }

  /** The version of the standard operator set, or 0 when the model imports none. */
  public long opset() {
    long version = 0;
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      if (set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx")) {
        version = Math.max(version, set.getVersion());
      }
    }
    return version;
  }

  /** The graph without its weights. */
  GraphProto graph() {
    return model.getGraph();
  }

  /** All nodes: of the graph, of the bodies in it, and of the functions that the model defines. */
  Stream<NodeProto> nodes() {
    return Stream.concat(
        Subgraphs.nodes(model.getGraph().getNodeList()),
        model.getFunctionsList().stream()
            .flatMap(function -> Subgraphs.nodes(function.getNodeList())));
  }

  /** Whether a tensor is an output already, and must not become one a second time. */
  boolean isOutput(String tensor) {
    return outputs.stream().anyMatch(output -> output.name().equals(tensor));
  }

  private static List<TensorInfo> inputs(GraphProto graph, GraphIndex index) {
    List<TensorInfo> inputs = new ArrayList<>();
    for (ValueInfoProto input : graph.getInputList()) {
      if (index.initializer(input.getName()) == null) {
        inputs.add(Tensors.declared(input));
      }
    }
    return List.copyOf(inputs);
  }

  private static List<TensorInfo> outputs(GraphProto graph, Tensors tensors) {
    return graph.getOutputList().stream().map(value -> tensors.get(value.getName())).toList();
  }
}
