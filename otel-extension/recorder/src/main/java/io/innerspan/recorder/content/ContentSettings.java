package io.innerspan.recorder.content;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the user set about text.
 *
 * @param mode what becomes of it
 * @param limit how many characters of a text are kept
 * @param rate the share of traces whose texts are kept, in [0, 1]
 * @param retention what each record says of how long it may be kept
 * @param patterns a file with further patterns, or null
 * @param plugins a jar with further redactors, or null
 * @param salt a file with the secret of digests, or null for one that ends with the process
 */
public record ContentSettings(
    ContentMode mode,
    int limit,
    double rate,
    String retention,
    @Nullable Path patterns,
    @Nullable Path plugins,
    @Nullable Path salt) {
  /** The default. */
  public static final ContentSettings OFF =
      new ContentSettings(ContentMode.OFF, 2048, 1, "short", null, null, null);
}
