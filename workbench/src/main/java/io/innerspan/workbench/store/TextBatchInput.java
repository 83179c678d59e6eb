package io.innerspan.workbench.store;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.model.Activation;
import io.innerspan.workbench.model.ActivationSession;
import io.innerspan.workbench.model.BatchInput;
import io.innerspan.workbench.model.BatchModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Texts for a model that names its inputs.
 *
 * @param file the model's, for messages
 * @param model stays the caller's to close
 * @param ids the input for token ids, or null when there is none
 * @param tokenizer the model's
 * @param data the texts
 * @param hookPoints where to read
 */
public record TextBatchInput(
    Path file,
    BatchModel model,
    @Nullable String ids,
    TextTokenizer tokenizer,
    TextFile data,
    List<HookPoint> hookPoints)
    implements StoreInput {
  @Override
  public ItemSource items() throws IOException {
    return data.items(tokenizer);
  }

  @Override
  public ActivationRunner runner() {
    if (ids == null || model.mask() == null) {
      throw BadInput.in(
          file,
          "inputs for token ids and an attention mask",
          "the inputs " + model.inputs().stream().map(BatchInput::name).toList());
    }
    int[] widths =
        model.run(tensors(List.of(tokenizer.encode("a")))).stream()
            .mapToInt(Activation::width)
            .toArray();
    return new TextRunner() {
      @Override
      public int[] widths() {
        return widths.clone();
      }

      @Override
      public void runTexts(List<TokenIds> batch, ActivationSession.Sink sink) throws IOException {
        TextBatchInput.this.run(batch, widths, sink);
      }

      @Override
      public void close() {}
    };
  }

  private void run(List<TokenIds> batch, int[] widths, ActivationSession.Sink sink)
      throws IOException {
    int longest = longest(batch);
    List<Activation> activations = model.run(tensors(batch));
    for (int h = 0; h < widths.length; h++) {
      Activation activation = activations.get(h);
      if (activation.layout() != Activation.Layout.TOKENS || activation.positions() != longest) {
        throw BadInput.in(
            file,
            "an activation [batch, tokens, width] at '" + hookPoints.get(h) + "'",
            activation.values() + " for " + longest + " tokens");
      }
      for (int row = 0; row < batch.size(); row++) {
        int[] real = IntStream.range(0, batch.get(row).length()).toArray();
        sink.take(row, h, activation.rows(row, real));
      }
    }
  }

  private static int longest(List<TokenIds> batch) {
    return batch.stream().mapToInt(TokenIds::length).max().orElse(0);
  }

  /** A batch, padded on the right with zeros, {@code [rows, longest]} each. */
  private Map<String, Tensor> tensors(List<TokenIds> batch) {
    int longest = longest(batch);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (BatchInput input : model.inputs()) {
      long[] values = new long[batch.size() * longest];
      for (int row = 0; row < batch.size(); row++) {
        TokenIds tokens = batch.get(row);
        for (int token = 0; token < tokens.length(); token++) {
          values[row * longest + token] = value(input.name(), tokens, token);
        }
      }
      tensors.put(input.name(), Tensor.ofLongs(values, batch.size(), longest));
    }
    return tensors;
  }

  private long value(String input, TokenIds tokens, int token) {
    String name = input.toLowerCase(Locale.ROOT);
    if (input.equals(model.mask())) {
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
}
