package io.innerspan.workbench.model;

import java.util.Locale;

/** Where in each layer of a transformer activations are read; named as in TransformerLens. */
public enum LayerSite {
  /** The layer's output; normalised in a post-LN model. */
  RESID_POST,
  /** The stream between attention and feed-forward; before its normalisation in a post-LN model. */
  RESID_MID,
  /** What attention adds to the stream. */
  ATTN_OUT,
  /** What the feed-forward sublayer adds to the stream. */
  MLP_OUT;

  /** The name on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return label();
  }
}
