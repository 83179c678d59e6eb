package io.innerspan.workbench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.innerspan.signals.FeatureDictionary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.TokenSelection;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.TokenizerIdentity;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.packs.GoldenTexts;
import io.innerspan.workbench.packs.GoldenValues;
import io.innerspan.workbench.sae.LossPoint;
import io.innerspan.workbench.sae.SaePack;
import io.innerspan.workbench.sae.SaeTrainOptions;
import io.innerspan.workbench.sae.SaeTrainer;
import io.innerspan.workbench.sae.TokenChoice;
import io.innerspan.workbench.sae.TrainedSae;
import io.innerspan.workbench.sae.TrainingRecord;
import io.innerspan.workbench.store.ActivationStore;
import io.innerspan.workbench.store.Rows;
import io.innerspan.workbench.store.StoreSettings;
import io.innerspan.workbench.store.StoreTexts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code innerspan sae train}. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Trains sparse autoencoders on a store of activations, one for each seed, and writes each as a"
          + " pack: OUT/seed-1 and so on, with sae-training.json (options and loss curve) beside.",
      "A share of the texts is held out for 'sae evaluate'. With --model each pack gets golden inputs:"
          + " token ids of training texts that are run through a live session with the compiled"
          + " autoencoder, by which a pack proves itself where it is used."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class SaeTrainCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--store",
      required = true,
      paramLabel = "DIR",
      description = "What 'capture --store' wrote.")
  private Path store;

  @Option(
      names = "--model",
      paramLabel = "M.onnx",
      description =
          "The store's model, for golden inputs; without it the packs prove nothing on it.")
  private @Nullable Path model;

  @Option(
      names = "--hook-point",
      paramLabel = "H",
      description = "Which of the store's; needed when it has several.")
  private @Nullable String hookPoint;

  @Option(
      names = "--kind",
      defaultValue = "topk",
      paramLabel = "K",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private SaeTrainOptions.Kind kind;

  @Option(
      names = "--features",
      paramLabel = "N",
      description = "The size of the dictionary (default: four times the width).")
  private @Nullable Integer features;

  @Option(
      names = "--k",
      defaultValue = "32",
      paramLabel = "N",
      description = "Features active per token (default: ${DEFAULT-VALUE}).")
  private int k;

  @Option(
      names = "--epochs",
      defaultValue = "5",
      paramLabel = "N",
      description = "How often each token is learnt from (default: ${DEFAULT-VALUE}).")
  private double epochs;

  @Option(
      names = "--batch",
      defaultValue = "1024",
      paramLabel = "N",
      description = "Tokens per step (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--learning-rate",
      defaultValue = "0.001",
      paramLabel = "R",
      description = "Of Adam, at its greatest (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--resample-every",
      paramLabel = "N",
      description =
          "Features that were not active in N steps begin anew; 0 for never (default: a twentieth of"
              + " the steps).")
  private @Nullable Integer resampleEvery;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "The first seed (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--seeds",
      defaultValue = "3",
      paramLabel = "N",
      description =
          "How many autoencoders, with seeds one after another (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--hold-out",
      defaultValue = "0.1",
      paramLabel = "SHARE",
      description =
          "The share of texts, or of the store's groups, that are not learnt from (default:"
              + " ${DEFAULT-VALUE}).")
  private double holdOut;

  @Option(
      names = "--special-tokens",
      description = "Learn from tokens that the tokenizer added, such as [CLS], too.")
  private boolean specialTokens;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "OUT",
      description = "The folder of packs: absent or empty.")
  private Path out;

  @Option(
      names = "--name",
      defaultValue = "sae",
      paramLabel = "NAME",
      description = "The packs' name, to which the seed is added (default: ${DEFAULT-VALUE}).")
  private String name;

  @Option(
      names = "--licence",
      paramLabel = "SPDX",
      defaultValue = "NOASSERTION",
      description = "The packs' licence (default: ${DEFAULT-VALUE}).")
  private String licence;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,79}")) {
      throw new BadInput("--name: expected letters, digits, '.', '_', '-', found '" + name + "'");
    }
    InputFile.emptyDirectory(out);
    ActivationStore opened = ActivationStore.open(store);
    String place = opened.hookPoint(hookPoint);
    OnnxTextModel live = live(opened);
    StoreTexts texts = opened.texts(place);
    TokenSelection tokens = specialTokens ? TokenSelection.ALL : TokenChoice.withoutSpecial(texts);
    require("--hold-out", "0 to below 1", holdOut >= 0 && holdOut < 1, holdOut);
    TokenChoice choice = new TokenChoice(texts, tokens, holdOut);
    Rows rows = texts.rows().only(choice.training());
    if (rows.count() < 2) {
      throw BadInput.in(store, "at least 2 tokens to learn from", "" + rows.count());
    }
    SaeTrainOptions first = options(rows);
    Progress progress = new Progress(spec.commandLine().getErr());
    if (live == null) {
      progress.say("no --model: the packs get no golden inputs and prove nothing on the model");
    }
    progress.say(
        String.format(
            Locale.ROOT,
            "%s: %d features, %d tokens, %d steps of %d",
            place,
            first.features(),
            rows.count(),
            first.steps(),
            first.batch()));
    JsonArray told = new JsonArray();
    PrintWriter print = spec.commandLine().getOut();
    for (long each = seed; each < seed + seeds; each++) {
      long start = System.nanoTime();
      SaeTrainOptions options = first.withSeed(each);
      TrainedSae trained = new SaeTrainer(rows, options).run(progress);
      double seconds = (System.nanoTime() - start) / 1e9;
      Path folder = out.resolve("seed-" + each);
      SaeFeatures signal =
          SaePack.signal(
              "sae_features", new HookPoint(place), tokens, trained.sae(), FeatureDictionary.NONE);
      List<GoldenInput> golden =
          live == null
              ? List.of()
              : GoldenValues.of(
                  live, signal, GoldenTexts.of(texts, text -> !choice.isHeldOut(text)), progress);
      ProbePack pack = write(folder, opened, signal, golden, each);
      TrainingRecord record =
          new TrainingRecord(
              options,
              place,
              opened.settings().dataSha256(),
              opened.settings().groupColumn(),
              holdOut,
              rows.count(),
              seconds,
              trained.resampled(),
              trained.curve());
      record.write(folder);
      LossPoint last = trained.curve().get(trained.curve().size() - 1);
      told.add(json(folder, pack, record, last));
      if (!json) {
        print.printf(
            Locale.ROOT,
            "%s: %s, digest %s%n  unexplained variance %.4f, %.1f active per token, %d dead, %d"
                + " resampled, %.1f s%n",
            folder,
            pack.label(),
            pack.digest(),
            last.unexplained(),
            last.l0(),
            last.dead(),
            trained.resampled(),
            seconds);
      }
    }
    if (json) {
      JsonObject object = new JsonObject();
      object.addProperty("hook_point", place);
      object.addProperty("features", first.features());
      object.addProperty("k", first.k());
      object.addProperty("tokens", rows.count());
      object.add("packs", told);
      print.println(object);
    }
    print.flush();
    return 0;
  }

  private @Nullable OnnxTextModel live(ActivationStore opened) {
    if (model == null) {
      return null;
    }
    if (opened.settings().randomizedSeed() != null) {
      throw BadInput.in(
          store, "a store of the model as it is, for --model", "one with random weights");
    }
    OnnxTextModel live = OnnxTextModel.open(model);
    if (!live.sha256().equals(opened.settings().modelSha256())) {
      throw BadInput.in(
          model,
          "the store's model sha256:" + opened.settings().modelSha256(),
          "sha256:" + live.sha256());
    }
    return live;
  }

  private ProbePack write(
      Path folder, ActivationStore opened, SaeFeatures signal, List<GoldenInput> golden, long each)
      throws IOException {
    StoreSettings settings = opened.settings();
    String modelName =
        settings.modelName().replaceAll("\\.onnx$", "").replaceAll("[^A-Za-z0-9._-]", "-");
    return SaePack.write(
        folder,
        name + "-seed-" + each,
        "1.0.0",
        licence,
        new ModelIdentity(modelName, settings.modelSha256(), settings.structure()),
        settings.tokenizerSha256() == null
            ? null
            : new TokenizerIdentity(settings.tokenizerSha256()),
        signal,
        golden);
  }

  private static JsonObject json(
      Path folder, ProbePack pack, TrainingRecord record, LossPoint last) {
    JsonObject object = new JsonObject();
    object.addProperty("pack", folder.toString());
    object.addProperty("digest", pack.digest());
    object.addProperty("golden_inputs", pack.goldenInputs().size());
    object.addProperty("seed", record.options().seed());
    object.addProperty("unexplained_variance", last.unexplained());
    object.addProperty("l0", last.l0());
    object.addProperty("dead", last.dead());
    object.addProperty("resampled", record.resampled());
    object.addProperty("steps", record.options().steps());
    object.addProperty("seconds", record.seconds());
    return object;
  }

  private SaeTrainOptions options(Rows rows) {
    int size = features == null ? 4 * rows.width() : features;
    require("--features", "1 to 1048576", size >= 1 && size <= 1 << 20, size);
    require("--k", "1 to the number of features", k >= 1 && k <= size, k);
    require("--seeds", "1 to 100", seeds >= 1 && seeds <= 100, seeds);
    require("--batch", "1 to 65536", batch >= 1 && batch <= 1 << 16, batch);
    require("--epochs", "a number above 0", epochs > 0, epochs);
    require("--learning-rate", "a number above 0", rate > 0, rate);
    require(
        "--batch times --features",
        "at most 268435456, what is in memory at once",
        (long) batch * size <= 1 << 28,
        (long) batch * size);
    int used = Math.min(batch, rows.count());
    double asked = Math.ceil(epochs * rows.count() / used);
    require("--epochs", "steps below 2^31", asked < Integer.MAX_VALUE, epochs);
    int steps = (int) Math.max(1, asked);
    int resample = resampleEvery == null ? Math.max(1, steps / 20) : resampleEvery;
    require("--resample-every", "0 or more", resample >= 0, resample);
    return new SaeTrainOptions(kind, size, k, steps, used, rate, resample, seed);
  }

  private static void require(String option, String expected, boolean met, Number found) {
    if (!met) {
      throw new BadInput(option + ": expected " + expected + ", found " + found);
    }
  }
}
