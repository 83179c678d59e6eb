package io.innerspan.workbench;

import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.html.SaeReport;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.sae.LossRecovered;
import io.innerspan.workbench.sae.SaeEvaluation;
import io.innerspan.workbench.sae.SaeEvaluator;
import io.innerspan.workbench.sae.SaePack;
import io.innerspan.workbench.sae.TrainingRecord;
import io.innerspan.workbench.store.ActivationStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code innerspan sae evaluate}. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures autoencoders on texts that they were not trained on: explained variance, active"
          + " features, alive features; with --model the loss that their reconstruction recovers;"
          + " with --positive k-sparse probing; beside each the same of PCA, of a random dictionary"
          + " and, with --untrained, of a model with random weights."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class SaeEvaluateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--sae",
      required = true,
      paramLabel = "PACKS",
      description = "A pack, or a folder of packs as 'sae train' writes it; their mean is told.")
  private Path packs;

  @Option(
      names = "--signal",
      paramLabel = "ID",
      description = "Which signal; needed when a pack has several autoencoders.")
  private @Nullable String signal;

  @Option(
      names = "--store",
      required = true,
      paramLabel = "DIR",
      description = "The store of activations.")
  private Path store;

  @Option(
      names = "--positive",
      paramLabel = "LABEL",
      description = "Tell this label of the store from the others by 1, 2 and 5 features.")
  private @Nullable String positive;

  @Option(
      names = "--model",
      paramLabel = "M.onnx",
      description = "The store's model: reinsert reconstructions and measure what is lost.")
  private @Nullable Path model;

  @Option(names = "--tokenizer", paramLabel = "T.json", description = "The model's tokenizer.")
  private @Nullable Path tokenizer;

  @Option(
      names = "--output",
      paramLabel = "NAME",
      description = "The model's output that loss is measured on (default: the first of floats).")
  private @Nullable String output;

  @Option(
      names = "--loss",
      paramLabel = "L",
      description =
          "One of ${COMPLETION-CANDIDATES} (default: kl for an output of logits, else cosine).")
  private LossRecovered.@Nullable Measure loss;

  @Option(
      names = "--loss-texts",
      defaultValue = "200",
      paramLabel = "N",
      description = "How many held-out texts loss is measured on (default: ${DEFAULT-VALUE}).")
  private int lossTexts;

  @Option(
      names = "--untrained",
      paramLabel = "DIR",
      description =
          "A store of the same model and texts captured with --random-weights: train likewise on it,"
              + " and say what that gives.")
  private @Nullable Path untrained;

  @Option(names = "--html", paramLabel = "FILE", description = "Write a report as one HTML file.")
  private @Nullable Path html;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if ((model == null) != (tokenizer == null)) {
      throw new BadInput("--model and --tokenizer: expected both or neither, found one");
    }
    if (lossTexts < 1) {
      throw new BadInput("--loss-texts: expected 1 or more, found " + lossTexts);
    }
    if (html != null) {
      InputFile.writable(html);
    }
    List<SaePack> read = SaePack.readAll(packs, signal);
    ActivationStore opened = ActivationStore.open(store);
    SaeEvaluation evaluation;
    try (TextTokenizer opener = tokenizer == null ? null : TextTokenizer.open(tokenizer)) {
      SaeEvaluator.Questions questions =
          new SaeEvaluator.Questions(
              positive,
              model(opened),
              opener,
              output,
              loss,
              lossTexts,
              untrained == null ? null : ActivationStore.open(untrained));
      Progress progress = new Progress(spec.commandLine().getErr());
      evaluation = new SaeEvaluator(read, opened, questions, progress).run();
    }
    if (html != null) {
      List<TrainingRecord> records = new ArrayList<>();
      for (SaePack pack : read) {
        TrainingRecord record = TrainingRecord.read(pack.path());
        if (record != null) {
          records.add(record);
        }
      }
      Files.writeString(html, SaeReport.of(evaluation, records));
    }
    if (json) {
      spec.commandLine().getOut().println(SaeEvaluationJson.of(evaluation));
    } else {
      new SaeEvaluationText(evaluation, spec.commandLine().getOut()).print();
    }
    spec.commandLine().getOut().flush();
    return 0;
  }

  private @Nullable OnnxTextModel model(ActivationStore opened) throws IOException {
    if (model == null || tokenizer == null) {
      return null;
    }
    OnnxTextModel read = OnnxTextModel.open(model);
    String expected = opened.settings().modelSha256();
    if (!read.sha256().equals(expected)) {
      throw BadInput.in(model, "the store's model sha256:" + expected, "sha256:" + read.sha256());
    }
    String found = Digests.sha256(InputFile.existing(tokenizer));
    if (!found.equals(opened.settings().tokenizerSha256())) {
      throw BadInput.in(
          tokenizer,
          "the store's tokenizer sha256:" + opened.settings().tokenizerSha256(),
          "sha256:" + found);
    }
    return read;
  }
}
