package io.innerspan.examples.djltext.train;

import ai.djl.Device;
import ai.djl.Model;
import io.innerspan.examples.djltext.model.ScriptedClassifier;
import io.innerspan.examples.djltext.model.Size;
import io.innerspan.examples.djltext.model.TextClassifier;
import io.innerspan.examples.djltext.train.ClassifierTraining.Example;
import io.innerspan.workbench.data.GroupSplitter;
import io.innerspan.workbench.data.LabelledText;
import io.innerspan.workbench.data.LabelledTexts;
import io.innerspan.workbench.data.Part;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.data.Shares;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.train.LearnOptions;
import io.innerspan.workbench.train.PackTrainer;
import io.innerspan.workbench.train.TrainOptions;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Trains the example: the tokenizer and the classifier on the training part of the data, then, as
 * the workbench does for every model, a probe on the classifier's activations. The parts are the
 * workbench's own, so that neither has seen what the probe is calibrated and measured on.
 *
 * <p>Arguments: the labelled texts, and the folder to write {@code model} and {@code pack} into.
 */
public final class TrainExample {
  /** The index of the class that the probe is to find. */
  static final int POSITIVE = 1;

  private static final String LABEL = "prompt_injection";
  private static final long SEED = 1;
  private static final int MOST_WORDS = 2500;
  private static final int MOST_TOKENS = 128;
  private static final int EPOCHS = 4;

  private final Path data;
  private final Path model;
  private final Path pack;
  private final Progress progress;

  private TrainExample(Path data, Path out, Progress progress) {
    this.data = data;
    this.model = out.resolve("model");
    this.pack = out.resolve("pack");
    this.progress = progress;
  }

  public static void main(String[] args) throws IOException {
    PrintWriter err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8));
    new TrainExample(Path.of(args[0]), Path.of(args[1]), new Progress(err)).run();
  }

  private void run() throws IOException {
    Files.createDirectories(model);
    List<LabelledText> rows = LabelledTexts.read(data, "text", "label", LABEL, "family");
    List<LabelledText> training =
        new GroupSplitter(Shares.DEFAULT, SEED).split(rows, data.toString()).rows(Part.TRAIN);
    WordTokenizer words =
        WordTokenizer.of(training.stream().map(LabelledText::text).toList(), MOST_WORDS);
    Path tokenizer = model.resolve("tokenizer.json");
    words.write(tokenizer, MOST_TOKENS);
    progress.say(training.size() + " texts to learn from, " + words.size() + " words");
    Size size = new Size(words.size(), MOST_TOKENS, 32, 4, 64, 2, 2);
    try (Model trained = Model.newInstance("classifier", Device.cpu(), "PyTorch")) {
      new ClassifierTraining(examples(training, tokenizer), SEED)
          .train(trained, size, EPOCHS, progress::say);
      TextClassifier classifier = (TextClassifier) trained.getBlock();
      Path archive = model.resolve("classifier.pt");
      ScriptedClassifier.write(classifier, archive);
      new PackTrainer(options(archive, tokenizer), progress)
          .run(file -> new TrainedModel(classifier, trained.getNDManager(), file));
    }
  }

  private static List<Example> examples(List<LabelledText> rows, Path tokenizer) {
    try (TextTokenizer tokens = TextTokenizer.open(tokenizer)) {
      return rows.stream()
          .map(
              row ->
                  new Example(
                      tokens.encode(row.text()).ids(), row.positive() ? POSITIVE : 1 - POSITIVE))
          .toList();
    }
  }

  private TrainOptions options(Path archive, Path tokenizer) {
    return new TrainOptions(
        data,
        "text",
        "label",
        LABEL,
        "family",
        archive,
        tokenizer,
        pack,
        LABEL,
        "djl-prompt-injection",
        "1.0.0",
        "Apache-2.0",
        SEED,
        0.01,
        null,
        true,
        "examples/djl-text/train.sh",
        List.of(),
        LearnOptions.DEFAULT);
  }
}
