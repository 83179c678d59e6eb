package io.innerspan.workbench.sae;

import io.innerspan.signals.Sae;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.pack.SeenData;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import io.innerspan.workbench.stats.GroupBootstrap;
import io.innerspan.workbench.store.ActivationStore;
import io.innerspan.workbench.store.Rows;
import io.innerspan.workbench.store.StoreTexts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
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
    Side side = new Side(new TokenChoice(store.texts(hookPoint), tokens, share));
    Loss loss = new Loss(questions.model(), side, tokens);
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
    if (questions.untrained() != null) {
      controls.add(untrained());
    }
    return new SaeEvaluation(
        hookPoint,
        packs.get(0).signal().sae().features(),
        seeds,
        controls,
        agreement(),
        questions.positive(),
        questions.positive() == null ? 0 : side.test.length);
  }

  private List<SaeEvaluation.Control> controls(Side side, Loss loss, int k) {
    List<SaeEvaluation.Control> controls = new ArrayList<>();
    int width = side.heldOut.width();
    int features = packs.get(0).signal().sae().features();
    progress.say("  controls");
    Pca pca = Pca.of(side.training);
    int batch = 4096;
    int components = Math.min(k, width);
    UnaryOperator<float[]> principal = x -> pca.reconstruct(x, components);
    controls.add(
        SaeEvaluation.Control.once(
            new SeedResult(
                "pca",
                Reconstruction.of(side.heldOut, batch, principal),
                components,
                1,
                loss.of(principal),
                side.probing(width, x -> PooledRows.split(pca.project(x), width), false),
                null)));
    List<SeedResult> random = new ArrayList<>();
    for (int seed = 1; seed <= packs.size(); seed++) {
      Sae sae = RandomDictionary.of(side.training, features, Math.min(k, features), seed);
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
                  new Reconstruction(1, 1, side.heldOut.count()),
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
    TokenSelection tokens = packs.get(0).signal().tokens();
    Side side = new Side(new TokenChoice(other.texts(hookPoint), tokens, records.get(0).holdOut()));
    OnnxTextModel model = questions.model();
    Loss loss = new Loss(model == null ? null : model.randomized(weights), side, tokens);
    List<SeedResult> draws = new ArrayList<>();
    for (TrainingRecord record : records) {
      progress.say("  training on the untrained model, seed " + record.options().seed());
      TrainedSae trained = new SaeTrainer(side.training, record.options()).run(progress);
      try (SaeEncoder encoder = new SaeEncoder(trained.sae())) {
        draws.add(
            side.result("seed " + record.options().seed(), encoder, loss.of(encoder::reconstruct)));
      }
    }
    return SaeEvaluation.Control.of("untrained model", draws);
  }

  /** What a model loses by reconstructions of its held-out texts. */
  private final class Loss {
    private final @Nullable OnnxTextModel model;
    private final Side side;
    private final TokenSelection tokens;
    private final List<TokenIds> texts = new ArrayList<>();

    /**
     * @param model or null for no answers
     */
    Loss(@Nullable OnnxTextModel model, Side side, TokenSelection tokens) {
      this.model = model;
      this.side = side;
      this.tokens = tokens;
      if (questions.tokenizer() != null) {
        StoreTexts all = side.choice.texts();
        for (int i = 0; i < all.size() && texts.size() < questions.lossTexts(); i++) {
          if (side.choice.isHeldOut(i)) {
            TokenIds ids = questions.tokenizer().encode(all.text(i));
            if (ids.length() > 0) {
              texts.add(ids);
            }
          }
        }
      }
    }

    @Nullable LossRecovered of(UnaryOperator<float[]> reconstruct) {
      if (model == null || texts.isEmpty()) {
        return null;
      }
      return LossRecovered.of(
          model,
          packs.get(0).signal().hookPoint(),
          questions.output(),
          questions.measure(),
          reconstruct,
          Scaling.of(side.training).mean(),
          tokens,
          texts,
          progress.count("texts with reconstructions", texts.size()));
    }
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

  /** A store's tokens and labels on both sides of the split. */
  private final class Side {
    private final TokenChoice choice;
    private final Rows training;
    private final Rows heldOut;
    private final Rows all;
    private final int[] train;
    private final int[] test;

    Side(TokenChoice choice) {
      this.choice = choice;
      Rows rows = choice.texts().rows();
      training = rows.only(choice.training());
      heldOut = rows.only(choice.heldOut());
      all = rows.only(choice.all());
      if (training.count() == 0 || heldOut.count() < 2) {
        throw BadInput.in(
            store.folder(),
            "texts on both sides of the split",
            training.count() + " tokens to learn from and " + heldOut.count() + " held out");
      }
      train = labelled(false);
      test = labelled(true);
    }

    private int[] labelled(boolean held) {
      if (questions.positive() == null) {
        return new int[0];
      }
      StoreTexts texts = choice.texts();
      int[] chosen =
          IntStream.range(0, texts.size())
              .filter(text -> choice.isHeldOut(text) == held && texts.label(text) != null)
              .toArray();
      boolean[] labels = labels(chosen);
      boolean both = false;
      for (int i = 1; i < labels.length; i++) {
        both |= labels[i] != labels[0];
      }
      if (!both) {
        throw BadInput.in(
            store.folder(),
            "texts with the label '"
                + questions.positive()
                + "' and others among the "
                + (held ? "held-out" : "training")
                + " texts",
            "one kind only of " + chosen.length + " labelled texts");
      }
      return chosen;
    }

    private boolean[] labels(int[] texts) {
      boolean[] labels = new boolean[texts.length];
      for (int i = 0; i < texts.length; i++) {
        labels[i] = String.valueOf(questions.positive()).equals(choice.texts().label(texts[i]));
      }
      return labels;
    }

    SeedResult result(String name, SaeEncoder encoder, @Nullable LossRecovered loss) {
      Activity activity = Activity.of(encoder, all);
      return new SeedResult(
          name,
          Reconstruction.of(heldOut, encoder.batch(), encoder::reconstruct),
          Activity.of(encoder, heldOut).l0(),
          activity.alive(),
          loss,
          featureProbing(encoder),
          activity);
    }

    private @Nullable SparseProbing featureProbing(SaeEncoder encoder) {
      if (questions.positive() == null) {
        return null;
      }
      return SparseProbing.of(
          PooledRows.features(choice, train, encoder),
          labels(train),
          PooledRows.features(choice, test, encoder),
          labels(test),
          bootstrap());
    }

    @Nullable SparseProbing probing(int width, PooledRows.Mapping mapping, boolean withAll) {
      if (questions.positive() == null) {
        return null;
      }
      return SparseProbing.of(
          PooledRows.of(choice, train, width, mapping),
          labels(train),
          PooledRows.of(choice, test, width, mapping),
          labels(test),
          withAll,
          bootstrap());
    }

    /** Resamples held-out texts; copies in other spacing or case count as one. */
    private GroupBootstrap bootstrap() {
      List<String> texts = new ArrayList<>();
      for (int text : test) {
        texts.add(SeenData.normalised(choice.texts().text(text)));
      }
      return new GroupBootstrap(texts, 1);
    }
  }
}
