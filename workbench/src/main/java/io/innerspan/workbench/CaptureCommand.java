package io.innerspan.workbench;

import com.google.gson.JsonObject;
import io.innerspan.signals.HookPoint;
import io.innerspan.workbench.capture.ActivationCapture;
import io.innerspan.workbench.capture.CapturePooling;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.data.PlainTexts;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TextModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code innerspan capture}. */
@Command(
    name = "capture",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes the activations of texts at chosen hook points to a safetensors file (--out), or every"
          + " token's to a store of many files (--store), which a stopped capture goes on with and"
          + " which needs little memory however many texts there are.",
      "Tensors of the file: one per hook point ([texts, width] pooled, else [tokens, width]), row_splits"
          + " [texts + 1], input_ids, attention_mask, special_tokens_mask [tokens], token_offsets"
          + " [tokens, 2]."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class CaptureCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ModelOptions model;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description =
          "Texts, one per line; or a .csv file with --text-column; for a store also .jsonl.")
  private Path data;

  @Option(
      names = "--text-column",
      paramLabel = "C",
      description = "The column of texts of a CSV file.")
  private @Nullable String textColumn;

  @Option(
      names = "--hook-point",
      required = true,
      paramLabel = "H",
      description = "Where to read: a name that 'inspect' shows, or a tensor's name. Repeatable.")
  private List<String> hookPoints;

  @Option(
      names = "--pooling",
      defaultValue = "none",
      paramLabel = "P",
      description =
          "One of ${COMPLETION-CANDIDATES}; max is by dimension (default: ${DEFAULT-VALUE}).")
  private CapturePooling pooling;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Target target;

  @Mixin private StoreOptions storeOptions;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** Where to. */
  @SuppressWarnings("NullAway.Init")
  static final class Target {
    @Option(
        names = "--out",
        required = true,
        paramLabel = "FILE.safetensors",
        description = "The file to write.")
    private @Nullable Path out;

    @Option(
        names = "--store",
        required = true,
        paramLabel = "DIR",
        description = "The store to write, or to go on with after a stop.")
    private @Nullable Path store;
  }

  @Override
  public Integer call() throws IOException {
    List<HookPoint> places = hookPoints.stream().distinct().map(CaptureCommand::hookPoint).toList();
    if (target.store != null) {
      if (pooling != CapturePooling.NONE) {
        throw new BadInput("--pooling: expected none for a store, found " + pooling);
      }
      storeOptions.capture(
          model.file,
          model.tokenizer,
          data,
          textColumn,
          places,
          target.store,
          json,
          spec.commandLine());
      return 0;
    }
    storeOptions.refuseWithout("--store");
    Path out = InputFile.writable(Objects.requireNonNull(target.out));
    List<String> texts = PlainTexts.read(data, textColumn);
    TextModel textModel = OnnxTextModel.open(model.file);
    List<TokenIds> tokens;
    try (TextTokenizer textTokenizer = TextTokenizer.open(model.tokenizer)) {
      tokens = texts.stream().map(textTokenizer::encode).toList();
    }
    Map<String, String> metadata =
        Map.of(
            "innerspan.pooling", pooling.name().toLowerCase(Locale.ROOT),
            "innerspan.model.sha256", textModel.sha256(),
            "innerspan.tokenizer.sha256", Digests.sha256(model.tokenizer),
            "innerspan.data.sha256", Digests.sha256(data),
            "innerspan.texts", Integer.toString(texts.size()));
    new ActivationCapture(textModel, tokens, pooling)
        .write(out, places, metadata, new Progress(spec.commandLine().getErr()));
    PrintWriter print = spec.commandLine().getOut();
    if (json) {
      JsonObject object = new JsonObject();
      object.addProperty("file", out.toString());
      object.addProperty("texts", texts.size());
      object.addProperty("hook_points", places.size());
      print.println(object);
    } else {
      print.println(out + ": " + texts.size() + " texts at " + places.size() + " hook points");
    }
    print.flush();
    return 0;
  }

  private static HookPoint hookPoint(String name) {
    if (name.isBlank()) {
      throw new BadInput("--hook-point: expected a name, found a blank one");
    }
    return new HookPoint(name);
  }
}
