package io.innerspan.signals.pack;

import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.Position;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.safetensors.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** What a signal is read of: its object in the manifest, and the pack's tensors. */
final class SignalInput {
  private final Fields fields;
  private final Tidy tidy;
  private final PackTensors tensors;

  SignalInput(Fields fields, Tidy tidy, PackTensors tensors) {
    this.fields = fields;
    this.tidy = tidy;
    this.tensors = tensors;
  }

  /** A tensor of two dimensions. */
  record Matrix(int rows, int columns, Floats values) {}

  Fields fields() {
    return fields;
  }

  Tidy tidy() {
    return tidy;
  }

  PackTensors tensors() {
    return tensors;
  }

  /** The same for an object within this one. */
  SignalInput of(Fields inner) {
    return new SignalInput(inner, tidy, tensors);
  }

  List<SignalInput> objects(String name) {
    return fields.objects(name).stream().map(this::of).toList();
  }

  String id() {
    return fields.text("id");
  }

  HookPoint hookPoint() {
    return hookPoint("hook_point");
  }

  HookPoint hookPoint(String name) {
    return hookPoint(fields.at(name), fields.text(name));
  }

  List<HookPoint> hookPoints(String name) {
    List<HookPoint> hookPoints = new ArrayList<>();
    for (String text : fields.texts(name)) {
      hookPoints.add(hookPoint(fields.at(name) + "[" + hookPoints.size() + "]", text));
    }
    return hookPoints;
  }

  private static HookPoint hookPoint(String path, String text) {
    try {
      return new HookPoint(text);
    } catch (InvalidValueException fault) {
      throw new InvalidValueException(path, fault.expected(), fault.actual());
    }
  }

  /**
   * {@code "special_tokens"}: {@code "include"}, which is also the default, or {@code
   * {"exclude_ids": […]}}; and {@code "mask"}.
   */
  TokenSelection tokens() {
    return withoutMask() ? specialTokens().withoutMask() : specialTokens();
  }

  /** Whether every token is real where the model has no mask: {@code "mask": "none"}. */
  private boolean withoutMask() {
    if (!fields.has("mask")) {
      return false;
    }
    String mask = fields.text("mask");
    if (!mask.equals("none")) {
      throw new InvalidValueException(fields.at("mask"), "none", "'" + mask + "'");
    }
    return true;
  }

  private TokenSelection specialTokens() {
    String name = "special_tokens";
    if (!fields.has(name)) {
      return TokenSelection.ALL;
    }
    if (fields.isText(name)) {
      String policy = fields.text(name);
      if (!policy.equals("include")) {
        throw new InvalidValueException(
            fields.at(name), "include or an object with exclude_ids", "'" + policy + "'");
      }
      return TokenSelection.ALL;
    }
    Fields policy = fields.object(name);
    TokenSelection selection =
        policy.build(() -> new TokenSelection(policy.integers("exclude_ids")));
    tidy.check(policy);
    return selection;
  }

  /** A position; the last token where the manifest does not say. */
  Position position() {
    return withoutMask() ? place().withoutMask() : place();
  }

  private Position place() {
    if (!fields.has("position")) {
      return Position.LAST;
    }
    Fields position = fields.object("position");
    String kind = position.text("kind");
    Position read =
        position.build(
            () ->
                switch (kind) {
                  case "first" -> Position.FIRST;
                  case "last" -> Position.LAST;
                  case "token_id" -> Position.token(position.integer("token_id"));
                  default ->
                      throw new InvalidValueException(
                          "kind", "first, last or token_id", "'" + kind + "'");
                });
    tidy.check(position);
    return read;
  }

  /** The constant of an enum that the manifest names by its label. */
  <E extends Enum<E>> E constant(String name, E[] constants, Function<E, String> label) {
    return constant(fields.at(name), fields.text(name), constants, label);
  }

  static <E extends Enum<E>> E constant(
      String path, String text, E[] constants, Function<E, String> label) {
    for (E constant : constants) {
      if (label.apply(constant).equals(text)) {
        return constant;
      }
    }
    throw new InvalidValueException(
        path, "one of " + Arrays.stream(constants).map(label).toList(), "'" + text + "'");
  }

  /** {@code [rows, columns]}. */
  Matrix matrix(String name, String shape) throws PackException {
    TensorRef reference = reference(name);
    Tensor tensor = tensors.get(reference);
    if (tensor.rank() != 2 || tensor.elements() == 0) {
      throw tensors.wrongShape(reference, shape, tensor);
    }
    return new Matrix((int) tensor.dim(0), (int) tensor.dim(1), tensors.floats(reference, tensor));
  }

  /** {@code [rows, columns]} of a known size. */
  Floats matrix(String name, int rows, int columns) throws PackException {
    String shape = "[" + rows + ", " + columns + "]";
    Matrix matrix = matrix(name, shape);
    if (matrix.rows() != rows || matrix.columns() != columns) {
      TensorRef reference = reference(name);
      throw tensors.wrongShape(reference, shape, tensors.get(reference));
    }
    return matrix.values();
  }

  /** {@code [n]}. */
  Floats vector(String name) throws PackException {
    TensorRef reference = reference(name);
    Tensor tensor = tensors.get(reference);
    if (tensor.rank() != 1 || tensor.elements() == 0) {
      throw tensors.wrongShape(reference, "[n]", tensor);
    }
    return tensors.floats(reference, tensor);
  }

  /** {@code [size]}. */
  Floats vector(String name, int size) throws PackException {
    TensorRef reference = reference(name);
    Tensor tensor = tensors.get(reference);
    if (tensor.rank() != 1 || tensor.dim(0) != size) {
      throw tensors.wrongShape(reference, "[" + size + "]", tensor);
    }
    return tensors.floats(reference, tensor);
  }

  /** {@code [1, width]} or {@code [width]}, as scikit-learn and everyone else has it. */
  Floats direction(String name) throws PackException {
    TensorRef reference = reference(name);
    Tensor tensor = tensors.get(reference);
    boolean row = tensor.rank() == 2 && tensor.dim(0) == 1;
    if ((tensor.rank() != 1 && !row) || tensor.elements() == 0) {
      throw tensors.wrongShape(reference, "[1, width] or [width]", tensor);
    }
    return tensors.floats(reference, tensor);
  }

  /** {@code [1]} or {@code []}. */
  float scalar(String name) throws PackException {
    TensorRef reference = reference(name);
    Tensor tensor = tensors.get(reference);
    if (tensor.rank() > 1 || tensor.elements() != 1) {
      throw tensors.wrongShape(reference, "[1] or []", tensor);
    }
    return tensors.floats(reference, tensor).get(0);
  }

  TensorRef reference(String name) {
    return ManifestReader.tensor(fields.object(name), tidy);
  }
}
