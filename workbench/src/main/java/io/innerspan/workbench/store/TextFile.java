package io.innerspan.workbench.store;

import io.innerspan.workbench.model.TextTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that {@link TextSource} reads.
 *
 * @param file lines, CSV or JSON Lines
 * @param textColumn the column or field of texts, or null for lines
 * @param labelColumn of labels, or null
 * @param groupColumn of template families, or null
 */
public record TextFile(
    Path file,
    @Nullable String textColumn,
    @Nullable String labelColumn,
    @Nullable String groupColumn) {
  /** The texts with their tokens. */
  ItemSource items(TextTokenizer tokenizer) throws IOException {
    return new TextItems(tokenizer, TextSource.open(this));
  }
}
