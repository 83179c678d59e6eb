package io.innerspan.workbench.sae;

import io.innerspan.signals.Sae;
import io.innerspan.signals.TokenSelection;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.stats.Interval;
import io.innerspan.workbench.store.ActivationStore;
import io.innerspan.workbench.store.StoreSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Evaluates autoencoders on a store, and their controls beside them. */
public final class SaeEvaluator {
  /** What is asked for beyond the numbers of reconstruction. */
  public record Questions(
      @Nullable String positive,
      @Nullable OnnxTextModel model,
      @Nullable TextTokenizer tokenizer,
      @Nullable String output,
      LossRecovered.@Nullable Measure measure,
      int lossTexts,
      @Nullable ActivationStore untrained) {}

  private static final double AGREES = 0.7;

  private final List<SaePack> packs;
  private final ActivationStore store;
  private final String hookPoint;
  private final Questions questions;
  private final Progress progress;

  /**
   * @param packs with autoencoders of one hook point and width
   */
  public SaeEvaluator(
      List<SaePack> packs, ActivationStore store, Questions questions, Progress progress) {
    this.packs = packs;
    this.store = store;
    this.questions = questions;
    this.progress = progress;
    hookPoint = packs.get(0).signal().hookPoint().name();
    for (SaePack pack : packs) {
      check(pack);
    }
  }

  private void check(SaePack pack) {
    String model = store.settings().modelSha256();
    if (!pack.pack().model().sha256().equals(model)) {
      throw BadInput.in(
          pack.path(),
          "a pack for the store's model sha256:" + model,
          "sha256:" + pack.pack().model().sha256());
    }
    String found = pack.signal().hookPoint().name();
    if (!found.equals(hookPoint)) {
      throw BadInput.in(pack.path(), "an autoencoder of '" + hookPoint + "'", "'" + found + "'");
    }
    int width = store.width(hookPoint);
    if (pack.signal().sae().in() != width) {
      throw BadInput.in(pack.path(), "the width " + width, "" + pack.signal().sae().in());
    }
  }

  /** Evaluates. */
  public SaeEvaluation run() throws IOException {
    TrainingRecord record = TrainingRecord.read(packs.get(0).path());
    double share = record == null ? 0.1 : record.holdOut();
    TokenSelection tokens = packs.get(0).signal().tokens();
    checkGroups(record);
    HeldOut side = side(store, share);
    HeldOutLoss loss = loss(questions.model(), side);
    List<SeedResult> seeds = new ArrayList<>();
    for (SaePack pack : packs) {
      progress.say("  evaluating " + pack.path());
      String name = String.valueOf(pack.path().getFileName());
      try (SaeEncoder encoder = new SaeEncoder(pack.signal().sae())) {
        seeds.add(side.result(name, encoder, loss.of(encoder::reconstruct)));
      }
    }
    int k = Math.max(1, (int) Math.round(seeds.get(0).l0()));
    List<SaeEvaluation.Control> controls = controls(side, loss, k);
    Map<Integer, Interval> above = Map.of();
    if (questions.untrained() != null) {
      SaeEvaluation.Control untrained = untrained();
      controls.add(untrained);
      above = above(seeds, untrained, side);
    }
    return new SaeEvaluation(
        hookPoint,
        packs.get(0).signal().sae().features(),
        seeds,
        controls,
        agreement(),
        questions.positive(),
        side.testTexts(),
        above);
  }

  private HeldOut side(ActivationStore of, double share) throws IOException {
    TokenSelection tokens = packs.get(0).signal().tokens();
    TokenChoice choice = new TokenChoice(of.texts(hookPoint), tokens, share);
    return new HeldOut(of.folder(), choice, questions.positive());
  }

  private HeldOutLoss loss(@Nullable OnnxTextModel model, HeldOut side) {
    return new HeldOutLoss(packs.get(0).signal(), questions, model, side, progress);
  }

  /** Held out by other groups, texts that training saw would be among those that are tested. */
  private void checkGroups(@Nullable TrainingRecord record) {
    StoreSettings settings = store.settings();
    if (record != null
        && record.dataSha256().equals(settings.dataSha256())
        && !Objects.equals(record.groupColumn(), settings.groupColumn())) {
      throw BadInput.in(
          store.folder(),
          "the group column that training held texts out by, " + record.groupColumn(),
          settings.groupColumn() + "");
    }
  }

  /** Empty where the untrained model was shown other data: nothing is paired then. */
  private Map<Integer, Interval> above(
      List<SeedResult> seeds, SaeEvaluation.Control untrained, HeldOut side) {
    StoreSettings theirs = Objects.requireNonNull(questions.untrained()).settings();
    boolean same =
        theirs.dataSha256().equals(store.settings().dataSha256())
            && Objects.equals(theirs.groupColumn(), store.settings().groupColumn())
            && Objects.equals(theirs.labelColumn(), store.settings().labelColumn());
    return questions.positive() == null || !same
        ? Map.of()
        : SparseProbing.above(
            seeds.stream().map(SeedResult::probing).filter(Objects::nonNull).toList(),
            untrained.draws().stream().map(SeedResult::probing).filter(Objects::nonNull).toList(),
            side.bootstrap());
  }

  private List<SaeEvaluation.Control> controls(HeldOut side, HeldOutLoss loss, int k) {
    List<SaeEvaluation.Control> controls = new ArrayList<>();
    int width = side.heldOut().width();
    int features = packs.get(0).signal().sae().features();
    progress.say("  controls");
    Pca pca = Pca.of(side.training());
    int batch = 4096;
    int components = Math.min(k, width);
    UnaryOperator<float[]> principal = x -> pca.reconstruct(x, components);
    controls.add(
        SaeEvaluation.Control.once(
            new SeedResult(
                "pca",
                Reconstruction.of(side.heldOut(), batch, principal),
                components,
                1,
                loss.of(principal),
                side.probing(width, x -> PooledRows.split(pca.project(x), width), false),
                null)));
    List<SeedResult> random = new ArrayList<>();
    for (int seed = 1; seed <= packs.size(); seed++) {
      Sae sae = RandomDictionary.of(side.training(), features, Math.min(k, features), seed);
      try (SaeEncoder encoder = new SaeEncoder(sae)) {
        random.add(side.result("draw " + seed, encoder, loss.of(encoder::reconstruct)));
      }
    }
    controls.add(SaeEvaluation.Control.of("random dictionary", random));
    if (questions.positive() != null) {
      controls.add(
          SaeEvaluation.Control.once(
              new SeedResult(
                  SaeEvaluation.DIMENSIONS,
                  new Reconstruction(1, 1, side.heldOut().count()),
                  width,
                  1,
                  null,
                  side.probing(width, PooledRows.dimensions(width), true),
                  null)));
    }
    return controls;
  }

  /** Autoencoders that are trained like each of the packs on the same model with random weights. */
  private SaeEvaluation.Control untrained() throws IOException {
    ActivationStore other = Objects.requireNonNull(questions.untrained());
    List<TrainingRecord> records = new ArrayList<>();
    for (SaePack pack : packs) {
      TrainingRecord record = TrainingRecord.read(pack.path());
      if (record == null) {
        throw BadInput.in(pack.path(), "the options of training in " + TrainingRecord.FILE, "none");
      }
      records.add(record);
    }
    Long weights = other.settings().randomizedSeed();
    if (weights == null || !other.settings().structure().equals(store.settings().structure())) {
      throw BadInput.in(
          other.folder(), "a store of the same model with --random-weights", "another");
    }
    HeldOut side = side(other, records.get(0).holdOut());
    OnnxTextModel model = questions.model();
    HeldOutLoss loss = loss(model == null ? null : model.randomized(weights), side);
    List<SeedResult> draws = new ArrayList<>();
    for (TrainingRecord record : records) {
      progress.say("  training on the untrained model, seed " + record.options().seed());
      TrainedSae trained = new SaeTrainer(side.training(), record.options()).run(progress);
      try (SaeEncoder encoder = new SaeEncoder(trained.sae())) {
        draws.add(
            side.result("seed " + record.options().seed(), encoder, loss.of(encoder::reconstruct)));
      }
    }
    return SaeEvaluation.Control.of("untrained model", draws);
  }

  private List<SaeEvaluation.Agreement> agreement() {
    List<SaeEvaluation.Agreement> all = new ArrayList<>();
    for (int i = 0; i < packs.size(); i++) {
      for (int j = i + 1; j < packs.size(); j++) {
        DictionaryMatch match =
            DictionaryMatch.of(packs.get(i).signal().sae(), packs.get(j).signal().sae());
        all.add(
            new SaeEvaluation.Agreement(
                packs.get(i).path().getFileName() + "",
                packs.get(j).path().getFileName() + "",
                match.mean(),
                match.above(AGREES)));
      }
    }
    return all;
  }
}
