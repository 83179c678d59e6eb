package io.innerspan.workbench.store;

import io.innerspan.signals.HookPoint;
import io.innerspan.workbench.model.ActivationSession;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import java.io.IOException;
import java.util.List;

/**
 * Texts for a model in ONNX.
 *
 * @param model the model
 * @param tokenizer its tokenizer
 * @param data the texts
 * @param hookPoints where to read
 */
public record TextInput(
    OnnxTextModel model, TextTokenizer tokenizer, TextFile data, List<HookPoint> hookPoints)
    implements StoreInput {
  @Override
  public ItemSource items() throws IOException {
    return data.items(tokenizer);
  }

  @Override
  public ActivationRunner runner() {
    ActivationSession session = model.activations(hookPoints);
    return new Runner(session, session.measure(tokenizer.encode("a")));
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Runner(ActivationSession session, int[] widths) implements TextRunner {
    @Override
    public void runTexts(List<TokenIds> batch, ActivationSession.Sink sink) throws IOException {
      session.run(batch, sink);
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
