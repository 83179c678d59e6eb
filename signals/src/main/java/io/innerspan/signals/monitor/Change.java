package io.innerspan.signals.monitor;

import java.util.Locale;

/** What of a model is another than before, or than a pack expects; known by digests alone. */
public enum Change {
  /** Another model lies at its place than when this JVM last opened it. */
  MODEL_CHANGE,
  /** A pack fits the model's name or structure, and is for other weights. */
  MODEL_MISMATCH,
  /** Another tokenizer lies beside the model than when this JVM last opened it. */
  TOKENIZER_CHANGE,
  /** A pack that reads the model was made with another tokenizer than lies beside it. */
  TOKENIZER_MISMATCH;

  /** As packs and telemetry spell it: also the id of the monitor that needs no declaration. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
