package io.innerspan.extension;

import io.innerspan.exporter.siem.SiemMetrics;
import io.innerspan.extension.canary.Canaries;
import io.innerspan.extension.delivery.DeliverySettings;
import io.innerspan.extension.delivery.Exporters;
import io.innerspan.extension.saliency.Explainer;
import io.innerspan.extension.saliency.SaliencySettings;
import io.innerspan.recorder.ContentEvents;
import io.innerspan.recorder.Recorder;
import io.innerspan.recorder.content.ContentPolicy;
import io.innerspan.semconv.FaultPlace;
import io.innerspan.semconv.RefusalReason;
import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.PackFolder;
import io.innerspan.signals.pack.ProbePack;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.incubator.ExtendedOpenTelemetry;
import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.javaagent.innerspan.bridge.ApplicationObserver;
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
    } catch (Throwable e) { // An error would keep the whole agent from starting.
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
    BackgroundThread background = new BackgroundThread();
    deliver(version, settings, openTelemetry);
    Lazy<Services> services = new Lazy<>(() -> services(version, settings, openTelemetry));
    InnerspanBridge.install(new LazyApplication(services), new LazyMcp(services));
    InnerspanBridge.install(
        new GraftingObserver(services, background, settings.modelFilesImmutable()),
        new PredictorModels(services, background),
        settings.anyExecutionProvider());
    if (settings.packs() == null) {
      sayStarted(version, settings, List.of());
    }
  }

  private static void deliver(Version version, Settings settings, OpenTelemetry openTelemetry) {
    MeterProvider meters =
        settings.recorder().metrics() ? openTelemetry.getMeterProvider() : MeterProvider.noop();
    Meter meter =
        meters.meterBuilder(Recorder.SCOPE).setInstrumentationVersion(version.product()).build();
    SiemMetrics.register(meter);
    DeliverySettings delivery = settings.delivery();
    if (delivery != null) {
      Exporters.deliver(
          delivery,
          meter,
          fault -> LOGGER.log(Level.WARNING, "Innerspan: a fault in the delivery", fault));
    }
  }

  static Services services(Version version, Settings settings, OpenTelemetry openTelemetry) {
    Recorder recorder =
        new Recorder(openTelemetry, settings.recorder(), version.product(), SpanEnds.parentEnds());
    Sampling sampling =
        new Sampling(settings.sampling(), settings.samplingOnDemand(), settings.samplingStrict());
    Canaries canaries =
        new Canaries(
            settings.canaries(),
            fault -> recorder.health().fault(FaultPlace.CANARY.value(), fault));
    Explainer explainer = new Explainer(saliency(settings), recorder.health());
    ContentEvents content = recorder.content(content(settings));
    ApplicationObserver application = recorder.application(content);
    if (settings.packs() == null) {
      return new Services(
          recorder,
          new Packs(List.of()),
          new Certificates(List.of()),
          sampling,
          canaries,
          explainer,
          content,
          application,
          recorder.mcp(content),
          settings.anyModel());
    }
    PackFolder found = packsOrNone(settings.packs(), recorder);
    List<ProbePack> packs = MonitorOverrides.over(found.packs(), settings, recorder.health());
    recorder.packs(packs);
    sayStarted(version, settings, packs);
    return new Services(
        recorder,
        new Packs(packs),
        new Certificates(found.certificates()),
        sampling,
        canaries,
        explainer,
        content,
        application,
        recorder.mcp(content),
        settings.anyModel());
  }

  private static SaliencySettings saliency(Settings settings) {
    SaliencySettings saliency = settings.saliency();
    boolean told = settings.recorder().events() || saliency.directory() != null;
    return told ? saliency : saliency.off();
  }

  /** Texts are events: without these there is nobody to redact for. */
  private static ContentPolicy content(Settings settings) {
    return settings.recorder().events()
        ? ContentProperties.policy(settings.content())
        : ContentPolicy.off();
  }

  private static void sayStarted(Version version, Settings settings, List<ProbePack> packs) {
    LOGGER.info(
        "Innerspan "
            + version.product()
            + ": "
            + (packs.isEmpty()
                ? "no packs"
                : "packs " + String.join(", ", packs.stream().map(ProbePack::label).toList()))
            + (settings.packs() == null ? "" : " in " + settings.packs())
            + "; hooks ONNX Runtime, DJL");
  }

  /** Spans and durations come even when reading the packs brings us down. */
  private static PackFolder packsOrNone(String path, Recorder recorder) {
    try {
      return packs(path, recorder);
    } catch (Throwable e) {
      recorder.health().fault(FaultPlace.STARTUP.value(), e);
      return PackFolder.EMPTY;
    }
  }

  private static PackFolder packs(String path, Recorder recorder) {
    PackFolder folder;
    try {
      folder = PackFolder.scan(Path.of(path));
    } catch (InvalidPathException e) {
      recorder.health().packRefused(RefusalReason.UNREADABLE_PACK);
      LOGGER.warning(
          "Innerspan: " + Setting.PACKS.systemProperty() + ": expected a path, found " + path);
      return PackFolder.EMPTY;
    }
    for (PackException refusal : folder.refusals()) {
      recorder.health().packRefused(reason(refusal.kind()));
      LOGGER.warning("Innerspan: refused: " + refusal.getMessage());
    }
    for (PackException refusal : folder.certificateRefusals()) {
      LOGGER.warning("Innerspan: a certificate is not used: " + refusal.getMessage());
    }
    return folder;
  }

  static RefusalReason reason(PackException.Kind kind) {
    return switch (kind) {
      case UNREADABLE -> RefusalReason.UNREADABLE_PACK;
      case NEWER_SCHEMA -> RefusalReason.NEWER_SCHEMA;
      case FILE_DIGEST -> RefusalReason.FILE_DIGEST;
      case GOLDEN_MISMATCH -> RefusalReason.GOLDEN_MISMATCH;
      case DUPLICATE_SIGNAL -> RefusalReason.DUPLICATE_SIGNAL;
      case INVALID -> RefusalReason.INVALID_PACK;
    };
  }
}
