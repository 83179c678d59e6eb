package io.innerspan.workbench.data;

import java.util.Locale;

/** What a row is used for; no group takes part in two. */
public enum Part {
  /** The weights are learnt here. */
  TRAIN,
  /** The layer, the pooling and the regularisation are chosen here. */
  VALIDATION,
  /** The calibration is fitted here, and the threshold is taken from the benign rows. */
  CALIBRATION,
  /** The numbers are measured here, once. */
  TEST;

  /** The name as documents write it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
