package io.innerspan.signals;

/** How a probe makes one value of the tokens of a row; padding never takes part. */
public enum Pooling {
  /** The probe applied to the mean activation of the real tokens. */
  MEAN,
  /** The probe applied to the last real token. */
  LAST,
  /** The probe applied to the first real token. */
  CLS,
  /** The largest of the probe's logits over the real tokens. */
  MAX
}
