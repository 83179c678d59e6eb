package io.innerspan.signals.pack;

import org.jspecify.annotations.Nullable;

/**
 * The model that a pack is for.
 *
 * @param name what people call it; a name is not identity
 * @param sha256 the SHA-256 of the whole model in lowercase hexadecimal
 * @param structure the fingerprint of the model's graph without its weights, in lowercase
 *     hexadecimal, by which a pack is chosen before the digest is known; null when the author did
 *     not say
 */
public record ModelIdentity(String name, String sha256, @Nullable String structure) {
  public ModelIdentity {
    Formats.check("model.name", Formats.NAME, name);
    Formats.check("model.sha256", Formats.SHA256, sha256);
    if (structure != null) {
      Formats.check("model.structure", Formats.SHA256, structure);
    }
  }
}
