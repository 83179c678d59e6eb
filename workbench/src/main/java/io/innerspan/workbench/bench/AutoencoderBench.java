package io.innerspan.workbench.bench;

import io.innerspan.signals.Sae;
import io.innerspan.signals.TokenSelection;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TokenIds;
import io.innerspan.workbench.sae.DictionaryReading;
import io.innerspan.workbench.sae.FeatureColumns;
import io.innerspan.workbench.sae.LossRecovered;
import io.innerspan.workbench.sae.SaeEncoder;
import io.innerspan.workbench.sae.SaePack;
import io.innerspan.workbench.sae.SparseProbing;
import io.innerspan.workbench.sae.TrainingRecord;
import io.innerspan.workbench.stats.Interval;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** SAEBench's quantities of autoencoders on labelled texts, with a random dictionary beside. */
final class AutoencoderBench {
  private final BenchOptions options;
  private final Corpus corpus;
  private final List<String> concepts;
  private final List<TokenIds> tokens;
  private final TokenActivations read;
  private final Progress progress;

  AutoencoderBench(
      BenchOptions options,
      Corpus corpus,
      List<String> concepts,
      List<TokenIds> tokens,
      TokenActivations read,
      Progress progress) {
    this.options = options;
    this.corpus = corpus;
    this.concepts = concepts;
    this.tokens = tokens;
    this.read = read;
    this.progress = progress;
  }

  /**
   * Measures autoencoders of one place and two controls, and adds what single features detect.
   *
   * @param packs at least one
   */
  List<BenchResult.Autoencoder> run(
      OnnxTextModel model,
      List<SaePack> packs,
      ConceptScores scores,
      Map<Detector, List<Double>> detection)
      throws IOException {
    List<BenchResult.Autoencoder> all = new ArrayList<>();
    boolean[] takesPart = takesPart(packs.get(0).signal().tokens());
    List<double[]> best = new ArrayList<>();
    double l0 = 0;
    for (SaePack pack : packs) {
      progress.say("  reading " + pack.path());
      Sae sae = pack.signal().sae();
      DictionaryReading reading =
          DictionaryReading.of(sae, read.rows(), read.first(), takesPart, corpus.tested());
      best.add(features(scores, reading));
      l0 += reading.l0() / packs.size();
      TrainingRecord record = TrainingRecord.read(pack.path());
      all.add(
          new BenchResult.Autoencoder(
              String.valueOf(pack.path().getFileName()),
              reading.heldOut().explained(),
              reading.l0(),
              reading.alive(),
              loss(model, pack),
              probing(reading.mean()),
              record == null ? null : record.dataSha256().equals(Digests.sha256(options.data()))));
    }
    // Of several seeds each concept's mean, so that a seed is not chosen by the test.
    for (int c = 0; c < concepts.size(); c++) {
      int concept = c;
      ConceptScores.add(
          detection,
          Detector.SAE,
          best.stream().mapToDouble(each -> each[concept]).average().orElse(Double.NaN));
    }
    int features = packs.get(0).signal().sae().features();
    Sae random =
        DictionaryReading.random(read.rows(), features, (int) Math.round(l0), options.seed());
    DictionaryReading control =
        DictionaryReading.of(random, read.rows(), read.first(), takesPart, corpus.tested());
    for (double auroc : features(scores, control)) {
      ConceptScores.add(detection, Detector.RANDOM_DICTIONARY, auroc);
    }
    all.add(
        new BenchResult.Autoencoder(
            "random dictionary",
            control.heldOut().explained(),
            control.l0(),
            control.alive(),
            null,
            probing(control.mean()),
            false));
    all.add(
        new BenchResult.Autoencoder(
            "dimensions", null, read.width(), 1, null, probing(read.pooled()), false));
    return all;
  }

  private boolean[] takesPart(TokenSelection selection) {
    boolean[] takesPart = new boolean[read.first()[tokens.size()]];
    for (int i = 0; i < tokens.size(); i++) {
      for (int t = 0; t < tokens.get(i).length(); t++) {
        takesPart[read.first()[i] + t] = selection.includes(tokens.get(i).ids()[t]);
      }
    }
    return takesPart;
  }

  private @Nullable LossRecovered loss(OnnxTextModel model, SaePack pack) {
    List<TokenIds> texts =
        Arrays.stream(corpus.rows(true)).limit(options.lossTexts()).mapToObj(tokens::get).toList();
    if (texts.isEmpty()) {
      return null;
    }
    try (SaeEncoder encoder = new SaeEncoder(pack.signal().sae())) {
      return LossRecovered.of(
          model,
          pack.signal().hookPoint(),
          null,
          null,
          encoder::reconstruct,
          read.mean(),
          pack.signal().tokens(),
          texts,
          progress.count("texts with reconstructions", texts.size()));
    }
  }

  /** By concept, what the best single feature detects. */
  private double[] features(ConceptScores scores, DictionaryReading reading) {
    FeatureColumns learnt = reading.greatest().at(corpus.rows(false));
    FeatureColumns tested = reading.greatest().at(corpus.rows(true));
    return concepts.stream().mapToDouble(c -> scores.feature(learnt, tested, c)).toArray();
  }

  private Map<Integer, Interval> probing(FeatureColumns features) {
    int[] train = corpus.rows(false);
    int[] test = corpus.rows(true);
    FeatureColumns learnt = features.at(train);
    FeatureColumns tested = features.at(test);
    return means(
        concept ->
            SparseProbing.of(
                learnt, corpus.has(concept, train), tested, corpus.has(concept, test), null));
  }

  private Map<Integer, Interval> probing(float[][] dimensions) {
    int[] train = corpus.rows(false);
    int[] test = corpus.rows(true);
    float[][] learnt = ConceptScores.at(dimensions, train);
    float[][] tested = ConceptScores.at(dimensions, test);
    return means(
        concept ->
            SparseProbing.of(
                learnt,
                corpus.has(concept, train),
                tested,
                corpus.has(concept, test),
                false,
                null));
  }

  private Map<Integer, Interval> means(Function<String, SparseProbing> probing) {
    Map<Integer, List<Double>> byK = new TreeMap<>();
    for (String concept : concepts) {
      probing
          .apply(concept)
          .auroc()
          .forEach(
              (k, auroc) -> byK.computeIfAbsent(k, any -> new ArrayList<>()).add(auroc.value()));
    }
    Map<Integer, Interval> means = new TreeMap<>();
    byK.forEach((k, each) -> means.put(k, ConceptScores.mean(concepts, each, options.seed())));
    return means;
  }
}
