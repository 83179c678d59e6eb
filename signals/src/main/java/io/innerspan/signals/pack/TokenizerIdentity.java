package io.innerspan.signals.pack;

/**
 * The tokenizer that the probes were trained with.
 *
 * @param sha256 the SHA-256 of its file in lowercase hexadecimal
 */
public record TokenizerIdentity(String sha256) {
  public TokenizerIdentity {
    Formats.check("tokenizer.sha256", Formats.SHA256, sha256);
  }
}
