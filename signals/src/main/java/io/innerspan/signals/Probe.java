package io.innerspan.signals;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A signal with a logit that is calibrated to a score, and a label by its threshold. */
public sealed interface Probe extends Signal permits LinearProbe, MlpProbe, AttentionProbe {
  /** The one value is the raw logit, before calibration. */
  @Override
  default List<String> columnNames() {
    return List.of("logit");
  }

  /** The width of the activation that the probe reads. */
  int width();

  /** From logit to score. */
  Calibration calibration();

  /** Where the positive label begins, or null when the pack names none. */
  @Nullable Threshold threshold();

  /** The label at or above the threshold. */
  String positiveLabel();

  /** The label below it. */
  String negativeLabel();

  /** The same probe with another calibration, and another threshold or none. */
  Probe with(Calibration other, @Nullable Threshold otherThreshold);
}
