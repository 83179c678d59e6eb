package io.innerspan.workbench.store;

import io.innerspan.signals.HookPoint;
import io.innerspan.workbench.model.Activation;
import io.innerspan.workbench.model.ActivationSession;
import io.innerspan.workbench.model.BatchModel;
import io.innerspan.workbench.model.NamedTextInputs;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
    NamedTextInputs inputs = NamedTextInputs.of(file, model, ids);
    int[] widths =
        model.run(inputs.tensors(List.of(tokenizer.encode("a")))).stream()
            .mapToInt(Activation::width)
            .toArray();
    return new TextRunner() {
      @Override
      public int[] widths() {
        return widths.clone();
      }

      @Override
      public void runTexts(List<TokenIds> batch, ActivationSession.Sink sink) throws IOException {
        List<Activation> activations = inputs.run(model, hookPoints, batch);
        for (int h = 0; h < activations.size(); h++) {
          for (int row = 0; row < batch.size(); row++) {
            int[] real = IntStream.range(0, batch.get(row).length()).toArray();
            sink.take(row, h, activations.get(h).rows(row, real));
          }
        }
      }

      @Override
      public void close() {}
    };
  }
}
