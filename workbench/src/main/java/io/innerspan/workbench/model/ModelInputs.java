package io.innerspan.workbench.model;

import io.innerspan.onnxruntime.graft.ElementType;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.TensorInfo;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which of a text model's inputs takes the token ids, the attention mask and the segments. */
final class ModelInputs {
  private final List<TensorInfo> inputs;
  private final String mask;
  private final @Nullable String types;

  private ModelInputs(List<TensorInfo> inputs, String mask, @Nullable String types) {
    this.inputs = inputs;
    this.mask = mask;
    this.types = types;
  }

  static ModelInputs of(OnnxModel model, Path file) {
    String mask = model.maskInput();
    if (mask == null) {
      throw BadInput.in(file, "an input that is an attention mask", names(model.inputs()));
    }
    String ids = null;
    String types = null;
    for (TensorInfo input : model.inputs()) {
      String name = input.name().toLowerCase(Locale.ROOT);
      if (input.type() != ElementType.INT64 && input.type() != ElementType.INT32) {
        throw BadInput.in(file, "inputs of integers", "'" + input.name() + "' of " + input.type());
      }
      if (input.name().equals(mask)) {
        continue;
      }
      if (name.contains("token_type") || name.contains("segment")) {
        types = input.name();
      } else if (ids == null && !name.contains("position")) {
        ids = input.name();
      } else {
        throw BadInput.in(file, "token ids, an attention mask and segments", names(model.inputs()));
      }
    }
    if (ids == null) {
      throw BadInput.in(file, "an input for token ids", names(model.inputs()));
    }
    return new ModelInputs(model.inputs(), mask, types);
  }

  /** A batch, padded on the right with zeros, {@code [rows, longest]} each. */
  Map<String, Tensor> tensors(List<TokenIds> rows) {
    int longest = rows.stream().mapToInt(TokenIds::length).max().orElse(0);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorInfo input : inputs) {
      long[] values = new long[rows.size() * longest];
      for (int row = 0; row < rows.size(); row++) {
        TokenIds tokens = rows.get(row);
        for (int token = 0; token < tokens.length(); token++) {
          values[row * longest + token] = value(input.name(), tokens, token);
        }
      }
      tensors.put(input.name(), tensor(input.type(), values, rows.size(), longest));
    }
    return tensors;
  }

  private long value(String input, TokenIds tokens, int token) {
    if (input.equals(mask)) {
      return 1;
    }
    return input.equals(types) ? tokens.typeIds()[token] : tokens.ids()[token];
  }

  private static Tensor tensor(ElementType type, long[] values, long... shape) {
    if (type == ElementType.INT64) {
      return Tensor.ofLongs(values, shape);
    }
    int[] narrow = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = Math.toIntExact(values[i]);
    }
    return Tensor.ofInts(narrow, shape);
  }

  private static String names(List<TensorInfo> inputs) {
    List<String> names = new ArrayList<>();
    inputs.forEach(input -> names.add(input.name()));
    return "the inputs " + names;
  }
}
