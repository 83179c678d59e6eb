package io.innerspan.workbench.train;

import io.innerspan.signals.Probe;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.GroupSplitter;
import io.innerspan.workbench.data.Groups;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.data.LabelledText;
import io.innerspan.workbench.data.LabelledTexts;
import io.innerspan.workbench.data.Part;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.data.Shares;
import io.innerspan.workbench.data.Split;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TextModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.store.StoredTextModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Trains a probe, measures it against baselines, and writes it as a pack. */
public final class PackTrainer {
  private final TrainOptions options;
  private final Progress progress;

  /**
   * @param options what to train from
   * @param progress where to tell how far it is
   */
  public PackTrainer(TrainOptions options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * Trains on an ONNX model and writes the pack.
   *
   * @return the pack as it was read back
   * @throws BadInput when something that the user gave cannot be used
   */
  public ProbePack run() throws IOException {
    return run(OnnxTextModel::open);
  }

  /** Opens a model, or throws {@link BadInput}. */
  @FunctionalInterface
  public interface Opener {
    TextModel open(Path file) throws IOException;
  }

  /**
   * Trains and writes the pack.
   *
   * @param opener opens the model once everything else is known to be right
   * @return the pack as it was read back
   * @throws BadInput when something that the user gave cannot be used
   */
  public ProbePack run(Opener opener) throws IOException {
    InputFile.emptyDirectory(options.out());
    Path testOut = options.testOut();
    if (testOut != null) {
      InputFile.writable(testOut);
    }
    List<LabelledText> rows =
        LabelledTexts.read(
            options.data(),
            options.textColumn(),
            options.labelColumn(),
            options.positive(),
            options.groupColumn());
    String other = Labels.other(rows, options);
    Labels.check(other, options);
    Split split =
        new GroupSplitter(Shares.DEFAULT, options.seed()).split(rows, options.data().toString());
    options.learning().check();
    TextModel live = opener.open(options.model());
    Path store = options.learning().places().store();
    TextModel model = store == null ? live : StoredTextModel.open(live, store, options.tokenizer());
    Map<Part, PartData> parts = new EnumMap<>(Part.class);
    int maxTokens;
    try (TextTokenizer tokenizer = TextTokenizer.open(options.tokenizer())) {
      maxTokens = tokenizer.maxTokens();
      for (Part part : Part.values()) {
        parts.put(part, PartData.of(learntFrom(split.rows(part)), tokenizer));
      }
    }
    progress.say(
        String.format(
            Locale.ROOT,
            "%d texts in %d groups; at most %d tokens of each",
            rows.size(),
            split.groups(),
            maxTokens));
    int repeated = rows.size() - Groups.withoutCopies(rows).size();
    if (repeated > 0) {
      progress.say(
          "  "
              + repeated
              + " repeat another row's text; "
              + (options.learning().keepDuplicates()
                  ? "they stay in one part with it"
                  : "they are left out (--keep-duplicates keeps them, in one part with it)"));
    }
    Trained trained = train(model, parts, other, split, seenGroups(rows, split), maxTokens);
    return new PackOutput(options, progress).write(live, trained);
  }

  /** Copies are in one part before they are left out, and so are the groups that they join. */
  private List<LabelledText> learntFrom(List<LabelledText> rows) {
    return options.learning().keepDuplicates() ? rows : Groups.withoutCopies(rows);
  }

  private Trained train(
      TextModel model,
      Map<Part, PartData> parts,
      String other,
      Split split,
      List<String> seenGroups,
      int maxTokens)
      throws IOException {
    PartData train = at(parts, Part.TRAIN);
    PartData validation = at(parts, Part.VALIDATION);
    PartData calibration = at(parts, Part.CALIBRATION);
    PartData test = at(parts, Part.TEST);
    ProbeSearch search =
        new ProbeSearch(model, train, validation, options.learning(), options.seed(), progress);
    search.run();
    List<Candidate> ranked = search.ranked();
    if (ranked.isEmpty()) {
      throw BadInput.in(
          options.model(),
          "a place where a probe's logits are more than rounding",
          "none among " + search.tried() + " candidates");
    }
    Candidate chosen = search.refitted(ranked.get(0));
    progress.say("chosen on the validation part: " + chosen.hookPoint() + ", " + chosen.reads());
    Probe raw = chosen.probe(options.id(), options.positive(), other);
    Probe means =
        search.refitted(search.differenceOfMeans()).probe("means", options.positive(), other);
    List<Probe> probes = List.of(raw, means);
    double[][] calibrating =
        ProbeLogits.of(
            model, probes, calibration, progress.count("calibration texts", calibration.size()));
    double[][] testing =
        ProbeLogits.of(model, probes, test, progress.count("test texts", test.size()));

    Judge judge =
        new Judge(calibration, test, positiveShare(parts), options.targetFpr(), options.seed());
    Method result = judge.judge("probe", "**this probe**", calibrating[0], testing[0]);
    List<Method> textOnly = TextMethods.judged(train, validation, judge);
    List<Method> baselines = new ArrayList<>(textOnly);
    baselines.add(
        judge.judge("difference_of_means", "difference of means", calibrating[1], testing[1]));
    double[] answers = model.answers(calibration.tokens());
    double[] tested = model.answers(test.tokens());
    if (answers != null && tested != null) {
      baselines.add(judge.judge("own_answer", "the model's own answer", answers, tested));
    }
    return new Trained(
        result.finish(raw),
        chosen,
        search.tried(),
        ranked.size(),
        parts,
        split.groups(),
        seenGroups,
        maxTokens,
        result,
        baselines,
        judge.compareToBest(result, baselines),
        judge.compareToBest(result, textOnly));
  }

  /** By the names of the file, which a split has no more where groups were joined. */
  private static List<String> seenGroups(List<LabelledText> rows, Split split) {
    Set<Long> tested = new HashSet<>();
    split.rows(Part.TEST).forEach(row -> tested.add(row.row()));
    return Groups.named(rows.stream().filter(row -> !tested.contains(row.row())).toList());
  }

  private static double positiveShare(Map<Part, PartData> parts) {
    double positive = parts.values().stream().mapToInt(part -> part.count(true)).sum();
    return positive / parts.values().stream().mapToInt(PartData::size).sum();
  }

  private static PartData at(Map<Part, PartData> parts, Part part) {
    PartData data = parts.get(part);
    if (data == null) {
      throw new IllegalStateException("no part " + part);
    }
    return data;
  }
}
