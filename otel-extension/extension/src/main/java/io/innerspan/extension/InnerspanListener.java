package io.innerspan.extension;

import io.opentelemetry.javaagent.innerspan.bridge.*;
import io.opentelemetry.javaagent.tooling.BeforeAgentListener;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.*;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

public final class InnerspanListener implements BeforeAgentListener {
  private static final Logger logger = Logger.getLogger(InnerspanListener.class.getName());

  @Override
  public void beforeAgent(AutoConfiguredOpenTelemetrySdk sdk) {
    logger.info("innerspan proof");
    InnerspanBridge.install(
        new ModelObserver() {
          @Override
          public ObservedModel observe(ModelOpening o) {
            logger.info("open " + o);
            return new M();
          }

          @Override
          public void fault(String p, Throwable t) {
            logger.info(p + t);
          }
        },
        false);
  }

  static final class M implements ObservedModel {
    @Override
    public @Nullable GraftOverlay overlay() {
      return null;
    }

    @Override
    public @Nullable GraftOverlay overlayWithout(Set<String> d) {
      return null;
    }

    @Override
    public void tapDropped(String tap, String reason) {}

    @Override
    public void notGrafted(String reason) {
      logger.info("not grafted " + reason);
    }

    @Override
    public void fellBack(String reason) {}

    @Override
    public void digest(String sha256) {}

    @Override
    public List<ModelInput> goldenInputs() {
      return List.of();
    }

    @Override
    public void goldenReading(int index, float[] reading, int rows) {}

    @Override
    public void certified() {}

    @Override
    public Inference start(long b) {
      return (r, rows, f) -> logger.info("run batch " + b + " failure " + f);
    }

    @Override
    public void closed() {
      logger.info("closed");
    }
  }
}
