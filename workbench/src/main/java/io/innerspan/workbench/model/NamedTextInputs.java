package io.innerspan.workbench.model;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How texts become the inputs of a model that names its inputs.
 *
 * @param file the model's, for messages
 * @param names of all inputs, in their order
 * @param ids the one for token ids
 * @param mask the one that tells real tokens from padding
 */
public record NamedTextInputs(Path file, List<String> names, String ids, String mask) {
  public NamedTextInputs {
    names = List.copyOf(names);
  }

  /**
   * Those of a model.
   *
   * @param ids the input for token ids, or null when there is none
   * @throws BadInput when there is none, or none for an attention mask
   */
  public static NamedTextInputs of(Path file, BatchModel model, @Nullable String ids) {
    List<String> names = model.inputs().stream().map(BatchInput::name).toList();
    String mask = model.mask();
    if (ids == null || mask == null) {
      throw BadInput.in(file, "inputs for token ids and an attention mask", "the inputs " + names);
    }
    return new NamedTextInputs(file, names, ids, mask);
  }

  /**
   * A batch, padded on the right with zeros, {@code [rows, longest]} each, in the inputs' order.
   */
  public Map<String, Tensor> tensors(List<TokenIds> batch) {
    int longest = longest(batch);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : names) {
      long[] values = new long[batch.size() * longest];
      for (int row = 0; row < batch.size(); row++) {
        TokenIds tokens = batch.get(row);
        for (int token = 0; token < tokens.length(); token++) {
          values[row * longest + token] = value(name, tokens, token);
        }
      }
      tensors.put(name, Tensor.ofLongs(values, batch.size(), longest));
    }
    return tensors;
  }

  private long value(String input, TokenIds tokens, int token) {
    String name = input.toLowerCase(Locale.ROOT);
    if (input.equals(mask)) {
      return 1;
    }
    if (input.equals(ids)) {
      return tokens.ids()[token];
    }
    if (name.contains("token_type") || name.contains("segment")) {
      return tokens.typeIds()[token];
    }
    throw BadInput.in(
        file, "token ids, an attention mask and segments", "an input '" + input + "'");
  }

  /**
   * Runs a batch.
   *
   * @param model whose inputs these are
   * @param hookPoints for which it was opened, in their order
   * @return by hook point, a row for each token
   * @throws BadInput when an activation has no row for each token
   */
  public List<Activation> run(BatchModel model, List<HookPoint> hookPoints, List<TokenIds> batch) {
    int longest = longest(batch);
    List<Activation> activations = model.run(tensors(batch));
    for (int h = 0; h < activations.size(); h++) {
      Activation activation = activations.get(h);
      if (activation.layout() != Activation.Layout.TOKENS || activation.positions() != longest) {
        throw BadInput.in(
            file,
            "an activation [batch, tokens, width] at '" + hookPoints.get(h) + "'",
            activation.values() + " for " + longest + " tokens");
      }
    }
    return activations;
  }

  private static int longest(List<TokenIds> batch) {
    return batch.stream().mapToInt(TokenIds::length).max().orElse(0);
  }
}
