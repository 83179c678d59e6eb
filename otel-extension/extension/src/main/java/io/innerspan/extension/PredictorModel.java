package io.innerspan.extension;

import io.innerspan.extension.governor.Governor;
import io.innerspan.extension.saliency.ModelSaliency;
import io.innerspan.recorder.HealthCounters;
import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.semconv.RefusalReason;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.ProbePack;
import io.opentelemetry.javaagent.innerspan.bridge.ExplainedInferences;
import io.opentelemetry.javaagent.innerspan.bridge.PredictedModel;
import io.opentelemetry.javaagent.innerspan.bridge.Prediction;
import io.opentelemetry.javaagent.innerspan.bridge.ReadSignals;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One model that an application predicts with, and what is read of it. */
final class PredictorModel implements PredictedModel {
  private static final Logger LOGGER = Logger.getLogger(PredictorModel.class.getName());

  /** No signal has this id. */
  private static final String STREAMS = " streams";

  private final String name;
  private final ModelTelemetry telemetry;
  private final ModelSaliency saliency;

  /** Null when nothing is read, from the start or from now on. */
  private volatile @Nullable Gates gates;

  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  /** What opens the gates of a model that is read. */
  private record Gates(Sampling sampling, Governor governor) {
    long open() {
      return sampling.isDemanded() ? governor.openOnDemand() : governor.open();
    }
  }

  private PredictorModel(String name, ModelTelemetry telemetry, ModelSaliency saliency) {
    this.name = name;
    this.telemetry = telemetry;
    this.saliency = saliency;
  }

  /** A model that no pack is for. */
  static PredictorModel unread(String name, ModelTelemetry telemetry, ModelSaliency saliency) {
    return new PredictorModel(name, telemetry, saliency);
  }

  /**
   * A model that packs are for.
   *
   * @param name what to call it in messages
   * @param reads what the framework's side can read of their signals
   * @param chosen the packs; those that the model contradicts are counted as refused
   */
  static PredictorModel read(
      String name,
      String sha256,
      ModelTelemetry telemetry,
      ModelSaliency saliency,
      HealthCounters health,
      ReadSignals reads,
      List<ProbePack> chosen,
      Sampling sampling) {
    PredictorModel model = new PredictorModel(name, telemetry, saliency);
    List<ProbePack> packs = model.proven(reads.contradictions(), chosen, health);
    if (packs.isEmpty()) {
      return model;
    }
    reads.refusals().forEach(model::signalRefused);
    if (reads.refusal() != null) {
      model.notRead(reads.refusal());
    } else if (reads.signals().isEmpty()) {
      model.notRead(
          new Refusal(
              common(reads),
              "no signal of "
                  + String.join(", ", packs.stream().map(ProbePack::label).toList())
                  + " can be read on it"));
    } else {
      model.begin(sha256, reads, packs, sampling);
    }
    return model;
  }

  private List<ProbePack> proven(
      Map<String, String> contradictions, List<ProbePack> packs, HealthCounters health) {
    List<ProbePack> proven = new ArrayList<>();
    for (ProbePack pack : packs) {
      String contradiction = contradictions.get(pack.label());
      if (contradiction == null) {
        proven.add(pack);
        continue;
      }
      health.packRefused(RefusalReason.GOLDEN_MISMATCH);
      LOGGER.warning(
          "Innerspan: pack "
              + pack.label()
              + " gives no reading on "
              + name
              + ": "
              + contradiction);
    }
    return proven;
  }

  private void begin(String sha256, ReadSignals reads, List<ProbePack> packs, Sampling sampling) {
    ReadingLayout layout = layout(reads, packs);
    int count = reads.gates().stream().mapToInt(gate -> gate + 1).max().orElse(0);
    telemetry.readings(layout, packs);
    gates = new Gates(sampling, sampling.governor(layout, count, new GovernorLog(name, telemetry)));
    LOGGER.info(
        "Innerspan: readings on for "
            + name
            + " (sha256:"
            + sha256
            + "): "
            + String.join(", ", packs.stream().map(ProbePack::label).toList())
            + "; "
            + layout.size()
            + (layout.size() == 1 ? " signal" : " signals"));
  }

  private static ReadingLayout layout(ReadSignals reads, List<ProbePack> packs) {
    Map<String, Signal> byId =
        packs.stream()
            .flatMap(pack -> pack.signals().stream())
            .collect(Collectors.toMap(Signal::id, Function.identity()));
    return new ReadingLayout(
        reads.signals().stream().map(byId::get).toList(), reads.gates(), reads.standingGates());
  }

  @Override
  public Prediction predict(long batchSize) {
    Gates governing = gates;
    if (governing == null) {
      return telemetry.predict(batchSize, 0);
    }
    long open = governing.open();
    return new GovernedPrediction(telemetry.predict(batchSize, open), governing.governor(), open);
  }

  @Override
  public void signalRefused(String signal, Refusal refusal) {
    if (refused.add(signal)) {
      telemetry.signalRefused(reason(refusal));
      LOGGER.warning(
          "Innerspan: signal " + signal + " is not read on " + name + ": " + refusal.detail());
    }
  }

  @Override
  public void notRead(Refusal refusal) {
    if (refused.add("")) { // No signal has this id.
      gates = null;
      telemetry.noReadings();
      telemetry.graftRefused(reason(refusal));
      LOGGER.warning("Innerspan: " + name + " runs without readings: " + refusal.detail());
    }
  }

  @Override
  public void streams() {
    if (gates != null && refused.add(STREAMS)) {
      telemetry.signalRefused(RefusalReason.UNSUPPORTED_MODEL);
      LOGGER.warning(
          "Innerspan: streams of "
              + name
              + " give no readings: signals are read of predict and batchPredict only");
    }
  }

  @Override
  public ExplainedInferences saliency() {
    return saliency;
  }

  /** The reason that all refused signals share, or that no signal is left. */
  private static Refusal.Reason common(ReadSignals reads) {
    Set<Refusal.Reason> reasons =
        reads.refusals().values().stream().map(Refusal::reason).collect(Collectors.toSet());
    return reasons.size() == 1 ? reasons.iterator().next() : Refusal.Reason.NO_SIGNAL;
  }

  private static RefusalReason reason(Refusal refusal) {
    return GraftedModel.reason(refusal);
  }
}
