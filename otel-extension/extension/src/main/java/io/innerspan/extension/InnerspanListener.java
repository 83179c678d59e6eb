package io.innerspan.extension;

import io.innerspan.recorder.Recorder;
import io.innerspan.semconv.RefusalReason;
import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.PackFolder;
import io.innerspan.signals.pack.ProbePack;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.incubator.ExtendedOpenTelemetry;
import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import io.opentelemetry.javaagent.innerspan.bridge.InnerspanBridge;
import io.opentelemetry.javaagent.tooling.AgentVersion;
import io.opentelemetry.javaagent.tooling.BeforeAgentListener;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Starts Innerspan, before the agent transforms the first class. */
public final class InnerspanListener implements BeforeAgentListener {
  private static final Logger LOGGER = Logger.getLogger(InnerspanListener.class.getName());

  @Override
  public void beforeAgent(AutoConfiguredOpenTelemetrySdk sdk) {
    try {
      Version version = Version.ofThisBuild();
      if (!version.agent().equals(AgentVersion.VERSION)) {
        LOGGER.warning(
            "Innerspan "
                + version.product()
                + " is off: expected OpenTelemetry Java agent "
                + version.agent()
                + ", found "
                + AgentVersion.VERSION);
        return;
      }
      start(version, GlobalOpenTelemetry.get());
    } catch (RuntimeException | LinkageError e) {
      LOGGER.log(Level.WARNING, "Innerspan is off: it could not start", e);
    }
  }

  private static void start(Version version, OpenTelemetry openTelemetry) {
    DeclarativeConfigProperties properties =
        openTelemetry instanceof ExtendedOpenTelemetry extended
            ? extended.getInstrumentationConfig("innerspan")
            : DeclarativeConfigProperties.empty();
    Settings settings = Settings.of(properties);
    if (!settings.enabled()) {
      LOGGER.info("Innerspan " + version.product() + " is off: it is disabled in the settings");
      return;
    }
    Recorder recorder = new Recorder(openTelemetry, settings.recorder(), version.product());
    List<ProbePack> packs = packs(settings, recorder);
    InnerspanBridge.install(
        new GraftingObserver(recorder, new Packs(packs), new BackgroundThread()),
        settings.anyExecutionProvider());
    LOGGER.info(
        "Innerspan "
            + version.product()
            + ": "
            + (packs.isEmpty()
                ? "no packs"
                : "packs " + String.join(", ", packs.stream().map(ProbePack::label).toList()))
            + (settings.packs() == null ? "" : " in " + settings.packs())
            + "; hooks ONNX Runtime");
  }

  private static List<ProbePack> packs(Settings settings, Recorder recorder) {
    if (settings.packs() == null) {
      return List.of();
    }
    PackFolder folder;
    try {
      folder = PackFolder.scan(Path.of(settings.packs()));
    } catch (InvalidPathException e) {
      recorder.health().packRefused(RefusalReason.UNREADABLE_PACK);
      LOGGER.warning(
          "Innerspan: "
              + Setting.PACKS.systemProperty()
              + ": expected a path, found "
              + settings.packs());
      return List.of();
    }
    for (PackException refusal : folder.refusals()) {
      recorder.health().packRefused(RefusalReason.INVALID_PACK);
      LOGGER.warning("Innerspan: refused: " + refusal.getMessage());
    }
    return folder.packs();
  }
}
