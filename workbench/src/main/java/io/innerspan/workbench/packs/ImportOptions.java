package io.innerspan.workbench.packs;

import io.innerspan.signals.Pooling;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How something of another tool becomes a pack.
 *
 * @param source the file or folder
 * @param format what it is
 * @param model the model that it is for
 * @param tokenizer its tokenizer.json
 * @param texts texts, one per line, that the pack proves itself with; or null for a few of our own
 * @param out the pack's folder, absent or empty
 * @param id the id of the signal; of several the beginning of each
 * @param name the pack's name
 * @param version the pack's semantic version
 * @param licence the pack's licence
 * @param hookPoint where it reads; null to take the source's word
 * @param pooling how tokens are pooled; null to take the source's word, or mean
 * @param positive the label that a great logit speaks for
 * @param negative the other label
 */
public record ImportOptions(
    Path source,
    Format format,
    Path model,
    Path tokenizer,
    @Nullable Path texts,
    Path out,
    String id,
    String name,
    String version,
    String licence,
    @Nullable String hookPoint,
    Pooling.@Nullable Kind pooling,
    String positive,
    String negative) {
  /** What another tool wrote. */
  public enum Format {
    /** The JSON of ten documented lines of Python. */
    SKLEARN,
    /** A folder with {@code cfg.json} and {@code sae_weights.safetensors}. */
    SAELENS,
    /** A safetensors file of vectors. */
    VECTORS,
    /** A GGUF file of control vectors. */
    REPENG,
    /** A linear head in ONNX. */
    ONNX;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
