package io.innerspan.extension.saliency;

import io.innerspan.semconv.FaultPlace;
import io.innerspan.semconv.SaliencyMissingReason;
import io.opentelemetry.context.Context;
import io.opentelemetry.javaagent.innerspan.bridge.Saliency;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyWork;
import java.io.IOException;

/**
 * One inference that waits to be explained.
 *
 * @param context of the inference
 */
record Explaining(ModelSaliency model, SaliencyWork work, Context context)
    implements SaliencyThread.Work {
  @Override
  public void run() {
    SaliencySettings settings = model.explainer().settings();
    try {
      Saliency saliency =
          work.explain(
              settings.method().value(), settings.baseline().value(), model.explainer().memory());
      model.telemetry().explained(context, saliency);
      if (settings.directory() != null) {
        write(new SaliencyFile(settings.directory()), saliency);
      }
    } catch (SaliencyMissingException e) {
      model.notExplained(e);
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (Throwable e) {
      model.missing(SaliencyMissingReason.FAILED);
      model.explainer().health().fault(FaultPlace.SALIENCY.value(), e);
    } finally {
      model.explainer().memory().release(work.bytes());
    }
  }

  private void write(SaliencyFile file, Saliency saliency) {
    try {
      file.write(model.name(), context, saliency);
    } catch (IOException e) {
      model.explainer().health().fault(FaultPlace.SALIENCY.value(), e);
    }
  }

  @Override
  public void stopped() {
    model.missing(SaliencyMissingReason.OUT_OF_MEMORY);
  }
}
