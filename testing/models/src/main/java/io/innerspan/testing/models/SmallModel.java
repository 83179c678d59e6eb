package io.innerspan.testing.models;

import com.google.protobuf.ByteString;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.OperatorSetIdProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model with what its author knows of it. Equal calls give equal bytes.
 *
 * @param name unique, and fit for a file name
 * @param traits what the model is
 * @param model the ONNX model
 * @param files external data by file name, beside the model's file; mostly empty
 * @param hooks tensors by the name that TransformerLens has for the place, such as {@code
 *     blocks.0.attn.hook_pattern}: the truth for what finds layers. Empty where fused operators
 *     hide the place, and for networks that are no transformer
 * @param inputs of the model, in its order
 */
public record SmallModel(
    String name,
    Traits traits,
    ModelProto model,
    Map<String, ByteString> files,
    Map<String, String> hooks,
    List<ModelInput> inputs) {
  public SmallModel {
    files = Map.copyOf(files);
    hooks = Map.copyOf(hooks);
    inputs = List.copyOf(inputs);
  }

  /** The bytes of the model's file; with {@link #files} they do not suffice. */
  public byte[] bytes() {
    return model.toByteArray();
  }

  /** Writes {@code name.onnx} and its external data into a folder, and returns the model's file. */
  public Path write(Path folder) throws IOException {
    for (Map.Entry<String, ByteString> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue().toByteArray());
    }
    return Files.write(folder.resolve(name + ".onnx"), bytes());
  }

  /**
   * Inputs to feed, by name.
   *
   * @throws IllegalArgumentException when a fixed dimension is another than the shape's
   */
  public Map<String, ExampleTensor> example(ExampleShape shape) {
    Examples examples = new Examples(this, shape);
    Map<String, ExampleTensor> result = new LinkedHashMap<>();
    inputs.forEach(input -> result.put(input.name(), examples.tensor(input)));
    return result;
  }

  /** Inputs of rows of equal length, by name. */
  public Map<String, ExampleTensor> example(int batch, int sequence) {
    return example(ExampleShape.of(batch, sequence));
  }

  /** The names of the outputs, in the model's order. */
  public List<String> outputs() {
    return model.getGraph().getOutputList().stream().map(ValueInfoProto::getName).toList();
  }

  /** The version of the standard operator set. */
  public long opset() {
    return model.getOpsetImportList().stream()
        .filter(set -> set.getDomain().isEmpty())
        .mapToLong(OperatorSetIdProto::getVersion)
        .findFirst()
        .orElseThrow();
  }

  /** The version of the format. */
  public long ir() {
    return model.getIrVersion();
  }

  /** Whether every input has fixed dimensions only. */
  public boolean pinned() {
    return inputs.stream()
        .flatMap(input -> input.dims().stream())
        .allMatch(dim -> Character.isDigit(dim.charAt(0)));
  }

  /** Whether the model runs on a shape: rows may be too long, or dimensions fixed otherwise. */
  public boolean accepts(ExampleShape shape) {
    if (pinned()) {
      ExampleShape only = anyShape();
      return shape.batch() == only.batch()
          && shape.sequence() == only.sequence()
          && (shape.past() == only.past() || !hasCache());
    }
    if (onlySequence() > 0 && shape.sequence() != onlySequence()) {
      return false;
    }
    int longest = name.equals(InductionHead.NAME) ? InductionHead.POSITIONS : Decoders.POSITIONS;
    if (shape.sequence() + (hasCache() ? shape.past() : 0) > longest) {
      return false;
    }
    // With a cache, ONNX Runtime's operator takes several rows or several new tokens, not both.
    boolean grouped =
        model.getGraph().getNodeList().stream()
            .anyMatch(node -> node.getOpType().equals("GroupQueryAttention"));
    return !grouped || shape.past() == 0 || shape.batch() == 1 || shape.sequence() == 1;
  }

  /** The number of tokens of a row where the model fixes it, else 0. */
  private int onlySequence() {
    return inputs.stream()
        .filter(input -> input.role() == ModelInput.Role.TOKENS)
        .map(input -> input.dims().get(1))
        .filter(dim -> Character.isDigit(dim.charAt(0)))
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElse(0);
  }

  /** Whether keys and values of earlier tokens are inputs. */
  public boolean hasCache() {
    return inputs.stream().anyMatch(input -> input.role() == ModelInput.Role.CACHE);
  }

  /** A shape that the model runs on: the one it is pinned to, else two rows, of five tokens. */
  public ExampleShape anyShape() {
    if (!pinned()) {
      ExampleShape shape = ExampleShape.of(2, onlySequence() > 0 ? onlySequence() : 5);
      return accepts(shape) ? shape : shape.withPast(0);
    }
    int batch = Integer.parseInt(inputs.get(0).dims().get(0));
    int sequence = 1;
    int past = 0;
    for (ModelInput input : inputs) {
      switch (input.role()) {
        case TOKENS -> sequence = Integer.parseInt(input.dims().get(1));
        case CACHE -> past = Integer.parseInt(input.dims().get(2));
        default -> {}
      }
    }
    return ExampleShape.of(batch, sequence).withPast(past);
  }

  @Override
  public String toString() {
    return name;
  }
}
