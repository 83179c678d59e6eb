package io.innerspan.workbench.store;

import io.innerspan.signals.HookPoint;
import io.innerspan.workbench.model.ActivationSession;
import io.innerspan.workbench.model.Batches;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TextTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts for a model in ONNX.
 *
 * @param model the model
 * @param tokenizer its tokenizer
 * @param data a file that {@link TextSource} reads
 * @param textColumn of the file, or null
 * @param labelColumn of the file, or null
 * @param hookPoints where to read
 */
public record TextInput(
    OnnxTextModel model,
    TextTokenizer tokenizer,
    Path data,
    @Nullable String textColumn,
    @Nullable String labelColumn,
    List<HookPoint> hookPoints)
    implements StoreInput {
  @Override
  public ItemSource items() throws IOException {
    return new TextItems(tokenizer, TextSource.open(data, textColumn, labelColumn));
  }

  @Override
  public ActivationRunner runner() {
    ActivationSession session = model.activations(hookPoints);
    return new Runner(session, session.measure(tokenizer.encode("a")));
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Runner(ActivationSession session, int[] widths) implements ActivationRunner {
    @Override
    public List<List<Integer>> batches(List<StoreItem> items) {
      return Batches.byLength(items.stream().map(StoreItem::tokens).toList());
    }

    @Override
    public void run(List<StoreItem> batch, ActivationSession.Sink sink) throws IOException {
      session.run(batch.stream().map(StoreItem::tokens).toList(), sink);
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
