package io.innerspan.workbench.learn;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Probe;
import org.jspecify.annotations.Nullable;

/** What was learnt: the weights of a probe of some kind, on raw activations. */
public interface ProbeModel {
  /**
   * The probe in single precision, as it will run; not calibrated yet.
   *
   * @param pooling how its tokens become one value, or null where its heads say that
   */
  Probe probe(
      String id,
      HookPoint hookPoint,
      @Nullable Pooling pooling,
      String positiveLabel,
      String negativeLabel);
}
