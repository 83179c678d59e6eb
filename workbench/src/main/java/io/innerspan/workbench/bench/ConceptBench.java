package io.innerspan.workbench.bench;

import io.innerspan.signals.HookPoint;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import io.innerspan.workbench.sae.SaePack;
import io.innerspan.workbench.stats.Interval;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Small counterparts of AxBench's concept detection and of SAEBench on labelled texts: each label
 * is a concept, to be told from all others.
 */
public final class ConceptBench {
  private final BenchOptions options;
  private final Progress progress;

  /** With what to measure, and where to tell how far it is. */
  public ConceptBench(BenchOptions options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @throws BadInput when something that the user gave cannot be used
   */
  public BenchResult run() throws IOException {
    Corpus corpus =
        Corpus.read(options.data(), options.textColumn(), options.labelColumn(), options.seed());
    List<String> concepts = corpus.concepts(options.least());
    int labels = (int) corpus.labels().stream().distinct().count();
    if (concepts.isEmpty()) {
      throw BadInput.in(
          options.data(),
          "at least two labels, one of them with " + options.least() + " texts (--least)",
          labels + " labels");
    }
    List<SaePack> packs = new ArrayList<>();
    for (Path path : options.saes()) {
      packs.addAll(SaePack.readAll(path, null));
    }
    OnnxTextModel model = OnnxTextModel.open(options.model());
    HookPoint place = place(model, packs);
    try (TextTokenizer tokenizer = TextTokenizer.open(options.tokenizer())) {
      List<TokenIds> tokens = corpus.texts().stream().map(tokenizer::encode).toList();
      TokenActivations read =
          TokenActivations.of(model, place, options.pooling(), tokens, options.data(), progress);
      Map<Detector, List<Double>> detection = new EnumMap<>(Detector.class);
      ConceptScores scores = new ConceptScores(corpus, read.pooled(), options.seed());
      Progress.Counter counter = progress.count("concepts", concepts.size());
      for (String concept : concepts) {
        scores
            .of(concept)
            .forEach((detector, auroc) -> ConceptScores.add(detection, detector, auroc));
        counter.add(1);
      }
      List<BenchResult.Autoencoder> autoencoders =
          packs.isEmpty()
              ? List.of()
              : new AutoencoderBench(options, corpus, concepts, tokens, read, progress)
                  .run(model, packs, scores, detection);
      Map<Detector, Interval> means = new EnumMap<>(Detector.class);
      detection.forEach(
          (detector, each) ->
              means.put(detector, ConceptScores.mean(concepts, each, options.seed())));
      return new BenchResult(
          String.valueOf(options.data().getFileName()),
          Digests.sha256(options.data()),
          model.sha256(),
          place.name(),
          concepts,
          labels == 2 ? 0 : labels - concepts.size(),
          corpus.rows(false).length,
          corpus.rows(true).length,
          corpus.repeated(),
          means,
          autoencoders);
    }
  }

  private HookPoint place(OnnxTextModel model, List<SaePack> packs) {
    String named = options.hookPoint();
    for (SaePack pack : packs) {
      String own = pack.signal().hookPoint().name();
      if (named != null && !named.equals(own)) {
        throw BadInput.in(pack.path(), "an autoencoder of '" + named + "'", "'" + own + "'");
      }
      if (!pack.pack().model().sha256().equals(model.sha256())) {
        throw BadInput.in(
            pack.path(),
            "a pack for the model sha256:" + model.sha256(),
            "sha256:" + pack.pack().model().sha256());
      }
      named = own;
    }
    if (named != null) {
      return new HookPoint(named);
    }
    List<HookPoint> layers = model.layerOutputs();
    return layers.get(layers.size() / 2);
  }
}
