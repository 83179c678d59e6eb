package io.innerspan.recorder.content;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may leave the process of one text.
 *
 * @param text redacted and shortened, or null
 * @param digest salted, or null
 * @param length of the original, in characters
 * @param truncated whether {@code text} or {@code digest} is of its beginning only
 * @param redactions the kinds of what was taken out, each once
 */
public record CapturedText(
    @Nullable String text,
    @Nullable String digest,
    int length,
    boolean truncated,
    List<String> redactions) {
  public CapturedText {
    redactions = List.copyOf(redactions);
  }
}
