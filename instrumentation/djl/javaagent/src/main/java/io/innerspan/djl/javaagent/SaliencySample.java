package io.innerspan.djl.javaagent;

import io.innerspan.djl.saliency.Explanation;
import io.innerspan.djl.saliency.RowInputs;
import io.innerspan.djl.saliency.Target;
import io.innerspan.signals.saliency.Attribution;
import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.opentelemetry.javaagent.innerspan.bridge.Saliency;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMemory;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyWork;

/**
 * One row of an inference.
 *
 * @param copy of the model
 * @param target what the model gave
 */
record SaliencySample(SaliencyCopy copy, RowInputs inputs, Target target, int row)
    implements SaliencyWork {
  @Override
  public long bytes() {
    return inputs.bytes();
  }

  @Override
  public Saliency explain(String method, String baseline, SaliencyMemory memory) throws Exception {
    Explanation explanation =
        copy.explain(inputs, target, SaliencyMethod.of(method), Baseline.of(baseline), memory);
    Attribution attribution = explanation.attribution();
    return new Saliency(
        method,
        row,
        explanation.target(),
        explanation.baseline().value(),
        explanation.tokens(),
        attribution.parts(),
        attribution.value(),
        attribution.baselineValue(),
        attribution.completenessError());
  }
}
