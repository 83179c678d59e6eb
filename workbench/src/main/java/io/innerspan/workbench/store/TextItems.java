package io.innerspan.workbench.store;

import io.innerspan.workbench.model.TextTokenizer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Texts with their tokens. */
final class TextItems implements ItemSource {
  private final TextTokenizer tokenizer;
  private final TextSource source;
  private long number;

  TextItems(TextTokenizer tokenizer, TextSource source) {
    this.tokenizer = tokenizer;
    this.source = source;
  }

  @Override
  public @Nullable StoreItem next() throws IOException {
    StoreText text = source.next();
    return text == null ? null : new StoreItem(number++, text, tokenizer.encode(text.text()));
  }

  @Override
  public void skip(long items) throws IOException {
    for (long skipped = 0; skipped < items; skipped++, number++) {
      source.next();
    }
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
