package io.innerspan.extension;

import io.innerspan.extension.canary.Canaries;
import io.innerspan.extension.governor.Governor;
import io.innerspan.extension.saliency.ModelSaliency;
import io.innerspan.onnxruntime.graft.InputSizes;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Skeleton;
import io.innerspan.recorder.HealthCounters;
import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.semconv.RefusalReason;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.Certificate;
import io.innerspan.signals.pack.ProbePack;
import io.opentelemetry.javaagent.innerspan.bridge.CacheInput;
import io.opentelemetry.javaagent.innerspan.bridge.ExplainedInferences;
import io.opentelemetry.javaagent.innerspan.bridge.GraftOverlay;
import io.opentelemetry.javaagent.innerspan.bridge.Inference;
import io.opentelemetry.javaagent.innerspan.bridge.LiveModel;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import io.opentelemetry.javaagent.innerspan.bridge.ObservedModel;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A model with a graft: from the plan through its certification to readings, or to the reason why
 * there are none.
 */
final class GraftedModel implements ObservedModel {
  private static final Logger LOGGER = Logger.getLogger(GraftedModel.class.getName());

  private final String name;
  private final OnnxModel model;
  private final @Nullable CacheInput cacheInput;
  private final ModelTelemetry telemetry;
  private final ModelSaliency saliency;
  private final HealthCounters health;
  private final List<ProbePack> packs;
  private final List<GoldenCase> golden;
  private final Consumer<String> digestListener;
  private final TokenizerCheck tokenizer;
  private final Sampling sampling;
  private final Canaries canaries;
  private final @Nullable Path immutableFile;
  private final @Nullable Certificate certificate;
  private GraftPlan plan;

  /** Of the plan that readings are laid out by. */
  private volatile Governor governor;

  private String sha256 = "unknown";
  private boolean refused;

  /** Null once the digest is known or on its way: it holds the model's bytes. */
  private @Nullable Runnable ownDigest;

  /** Null until readings are on. */
  private volatile @Nullable ColumnSelection selection;

  /**
   * @param name what to call the model in messages
   * @param packs those chosen for it, at least one
   * @param certificate what the plan was certified by beforehand, or null
   * @param sampling when signals behind gates are computed
   * @param canaries replays the packs' canaries
   * @param digestListener told the model's digest when it is known
   * @param ownDigest brings about the digest of a model that is not even opened with its graft
   * @param tokenizer told the packs that read the model
   * @param immutableFile the model's file if its weights may be mapped from there
   */
  GraftedModel(
      String name,
      OnnxModel model,
      ModelTelemetry telemetry,
      ModelSaliency saliency,
      HealthCounters health,
      List<ProbePack> packs,
      GraftPlan plan,
      @Nullable Certificate certificate,
      Sampling sampling,
      Canaries canaries,
      Consumer<String> digestListener,
      Runnable ownDigest,
      TokenizerCheck tokenizer,
      @Nullable Path immutableFile) {
    this.name = name;
    this.model = model;
    this.cacheInput = PlainModel.cacheInput(model.cache());
    this.telemetry = telemetry;
    this.saliency = saliency;
    this.health = health;
    this.packs = new ArrayList<>(packs);
    this.golden = GoldenCase.of(packs);
    this.plan = plan;
    this.certificate = certificate;
    this.sampling = sampling;
    this.canaries = canaries;
    this.governor = governor(plan);
    this.digestListener = digestListener;
    this.ownDigest = ownDigest;
    this.tokenizer = tokenizer;
    this.immutableFile = immutableFile;
  }

  @Override
  public byte @Nullable [] skeleton() {
    if (immutableFile == null) {
      return null;
    }
    try {
      return Skeleton.of(immutableFile);
    } catch (IOException | ModelRefusedException e) {
      return null; // The model is copied; what is wrong with it is said there.
    }
  }

  @Override
  public synchronized GraftOverlay overlay() {
    return plan.overlay();
  }

  @Override
  public synchronized @Nullable GraftOverlay overlayWithout(Set<String> droppedTaps) {
    plan = GraftPlan.of(model, packs, sampling.gating(), droppedTaps);
    governor = governor(plan);
    return plan.isEmpty() ? null : plan.overlay();
  }

  @Override
  public void tapDropped(String tap, Refusal refusal) {
    telemetry.tapDropped(reason(refusal));
    LOGGER.warning("Innerspan: tap " + tap + " of " + name + " is dropped: " + refusal.detail());
  }

  @Override
  public synchronized void notGrafted(Refusal refusal) {
    if (refusal.reason() == Refusal.Reason.RUN_FAILED) {
      telemetry.fellBack();
    }
    if (refused) {
      return; // Several runs at once may fail before the first of them switches the graft off.
    }
    refused = true;
    if (ownDigest != null && isOpening(refusal)) {
      ownDigest.run();
    }
    ownDigest = null;
    selection = null;
    telemetry.noReadings();
    telemetry.graftRefused(reason(refusal));
    LOGGER.warning(
        "Innerspan: " + name + " runs without a graft, so without readings: " + refusal.detail());
  }

  @Override
  public synchronized void digest(String digest) {
    sha256 = digest;
    ownDigest = null;
    telemetry.digest(digest);
    digestListener.accept(digest);
    Certificate holding = holding();
    if (holding != null) {
      Refusal excluded =
          new Refusal(Refusal.Reason.OUTPUT_CHANGED, "reading it changes an output (certificate)");
      holding.excludedTaps().forEach(tap -> tapDropped(tap, excluded));
    }
    for (ProbePack pack : List.copyOf(packs)) {
      if (!pack.model().sha256().equals(digest)) {
        refuse(
            pack,
            RefusalReason.MODEL_DIGEST,
            "the model has its structure but other weights: expected sha256:"
                + pack.model().sha256()
                + ", found sha256:"
                + digest);
      }
    }
  }

  @Override
  public @Nullable String certifiedDigest() {
    return certificate == null ? null : certificate.model();
  }

  @Override
  public List<ModelInput> goldenInputs() {
    return golden.stream().map(GoldenCase::modelInput).toList();
  }

  @Override
  public synchronized void goldenReading(int index, float[] reading, int rows) {
    String contradiction = golden.get(index).contradiction(plan.layout(), reading, rows);
    if (contradiction != null) {
      refuse(golden.get(index), contradiction);
    }
  }

  @Override
  public synchronized void goldenFailed(int index, String detail) {
    refuse(golden.get(index), "expected a reading, found: " + detail);
  }

  private void refuse(GoldenCase failed, String detail) {
    ProbePack pack = failed.pack();
    if (packs.contains(pack)) {
      int number = pack.goldenInputs().indexOf(failed.input());
      refuse(pack, RefusalReason.GOLDEN_MISMATCH, "golden input " + number + ": " + detail);
    }
  }

  @Override
  public synchronized void certified() {
    if (packs.isEmpty() || refused) {
      return;
    }
    Set<String> ids = new HashSet<>();
    packs.forEach(pack -> pack.signals().stream().map(Signal::id).forEach(ids::add));
    ColumnSelection proven = new ColumnSelection(plan.layout(), ids);
    selection = proven;
    telemetry.readings(proven.layout(), packs);
    tokenizer.reading(packs);
  }

  @Override
  public synchronized void answering() {
    ColumnSelection proven = selection;
    if (proven == null) {
      return;
    }
    Certificate holding = holding();
    LOGGER.info(
        "Innerspan: readings on for "
            + name
            + " (sha256:"
            + sha256
            + "): "
            + String.join(", ", packs.stream().map(ProbePack::label).toList())
            + "; "
            + proven.layout().size()
            + (proven.layout().size() == 1 ? " signal" : " signals")
            + (holding == null ? "" : "; certified beforehand, " + holding.date()));
  }

  @Override
  public synchronized void live(LiveModel live) {
    if (selection != null) {
      canaries.watch(name, packs, plan.layout(), live, telemetry);
    }
  }

  @Override
  public @Nullable CacheInput cacheInput() {
    return cacheInput;
  }

  @Override
  public Map<String, List<String>> inputSizes() {
    return InputSizes.of(model);
  }

  @Override
  public Inference start(long batchSize, long elements, long cachedTokens) {
    ColumnSelection atStart = selection;
    if (atStart == null) {
      return new Observed(
          telemetry.start(batchSize, 0, cachedTokens), null, 0, elements, cachedTokens);
    }
    Governor governing = governor;
    long open = sampling.isDemanded() ? governing.openOnDemand() : governing.open();
    Inference inference = telemetry.start(batchSize, open, cachedTokens);
    return governing.governs() || !atStart.isWhole()
        ? new Observed(inference, governing, open, elements, cachedTokens)
        : inference;
  }

  /** An inference whose cost is measured, and whose reading is cut to what is proven. */
  private final class Observed implements Inference {
    private final Inference inference;
    private final @Nullable Governor governing;
    private final long openGates;
    private final long elements;
    private final long cachedTokens;
    private final long startNanos;

    Observed(
        Inference inference,
        @Nullable Governor governing,
        long openGates,
        long elements,
        long cachedTokens) {
      this.inference = inference;
      this.governing = governing;
      this.openGates = openGates;
      this.elements = elements;
      this.cachedTokens = cachedTokens;
      this.startNanos = System.nanoTime();
    }

    @Override
    public long openGates() {
      return openGates;
    }

    @Override
    public void end(float @Nullable [] reading, int rows, @Nullable Throwable failure) {
      // With every gate closed there may be nothing to read.
      boolean answered = reading != null || (openGates == 0 && failure == null);
      if (governing != null && answered) {
        governing.ended(openGates, elements, cachedTokens, System.nanoTime() - startNanos);
      }
      // Looked up at the end: readings may have begun while the inference was under way.
      ColumnSelection proven = selection;
      inference.end(proven == null ? null : proven.apply(reading, rows), rows, failure);
    }
  }

  private Governor governor(GraftPlan planned) {
    return sampling.governor(
        planned.layout(), planned.overlay().gates(), new GovernorLog(name, telemetry));
  }

  @Override
  public ExplainedInferences saliency() {
    return saliency;
  }

  @Override
  public void closed() {
    telemetry.closed();
  }

  private void refuse(ProbePack pack, RefusalReason reason, String detail) {
    packs.remove(pack);
    health.packRefused(reason);
    LOGGER.warning(
        "Innerspan: pack " + pack.label() + " gives no reading on " + name + ": " + detail);
  }

  /** The certificate if it is for the model that was loaded. */
  private @Nullable Certificate holding() {
    return certificate != null && certificate.model().equals(sha256) ? certificate : null;
  }

  private static boolean isOpening(Refusal refusal) {
    return refusal.reason() == Refusal.Reason.ENGINE_REFUSED
        || refusal.reason() == Refusal.Reason.INTERNAL_FAULT;
  }

  static RefusalReason reason(Refusal refusal) {
    return RefusalReason.valueOf(refusal.reason().name());
  }
}
