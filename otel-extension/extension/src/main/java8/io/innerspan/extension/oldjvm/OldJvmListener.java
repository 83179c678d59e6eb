package io.innerspan.extension.oldjvm;

import io.opentelemetry.javaagent.tooling.BeforeAgentListener;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.logging.Logger;

/**
 * Says on a JVM older than 17 why there is no Innerspan. Such a JVM can load the classes of this
 * package only: the agent passes over the others.
 */
public final class OldJvmListener implements BeforeAgentListener {
  private static final Logger LOGGER = Logger.getLogger(OldJvmListener.class.getName());
  private static final int OLDEST = 17;

  @Override
  public void beforeAgent(AutoConfiguredOpenTelemetrySdk sdk) {
    String version = specificationVersion();
    if (isTooOld(version)) {
      LOGGER.warning(
          "Innerspan is off: expected Java "
              + OLDEST
              + " or newer, found Java "
              + version
              + "; the OpenTelemetry agent works as it does alone");
    }
  }

  static boolean isTooOld() {
    return isTooOld(specificationVersion());
  }

  private static String specificationVersion() {
    return System.getProperty("java.specification.version", "unknown");
  }

  static boolean isTooOld(String specificationVersion) {
    // 1.8, 9, 10, 11, ...
    if (specificationVersion.startsWith("1.")) {
      return true;
    }
    try {
      return Integer.parseInt(specificationVersion) < OLDEST;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
