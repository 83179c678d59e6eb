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
import io.innerspan.workbench.store.StoreText;
import io.innerspan.workbench.store.TextFile;
import io.innerspan.workbench.store.TextSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
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
          + " which needs little memory however many texts there are. A store can also be made of"
          + " tensors or images, for any ONNX model, TorchScript and blocks of DJL: a row per"
          + " token or position of each.",
      "Tensors of the file: one per hook point ([texts, width] pooled, else [tokens, width]), row_splits"
          + " [texts + 1], input_ids, attention_mask, special_tokens_mask [tokens], token_offsets"
          + " [tokens, 2]."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class CaptureCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      description =
          "The model: ONNX; with --engine djl a TorchScript archive, or a folder as DJL loads it"
              + " with a blockFactory, whose classes are run.")
  private Path model;

  @Option(
      names = "--tokenizer",
      paramLabel = "tokenizer.json",
      description = "The model's tokenizer, for texts.")
  private @Nullable Path tokenizer;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Inputs inputs;

  @Option(
      names = "--text-column",
      paramLabel = "C",
      description = "The column or field of texts of a CSV or JSON Lines file.")
  private @Nullable String textColumn;

  @Option(
      names = "--hook-point",
      required = true,
      paramLabel = "H",
      description =
          "Where to read: a name that 'inspect' shows, a tensor's name, or with --engine djl a module's"
              + " or block's path. Repeatable.")
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

  @Mixin private EngineOptions engine;

  @Mixin private TensorOptions tensorOptions;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** Of what. */
  @SuppressWarnings("NullAway.Init")
  static final class Inputs {
    @Option(
        names = "--data",
        required = true,
        paramLabel = "FILE",
        description =
            "Texts, one per line; or with --text-column a .csv, or a .jsonl or .ndjson file.")
    private @Nullable Path data;

    @Option(
        names = "--tensors",
        required = true,
        paramLabel = "FILE.safetensors",
        description =
            "Tensors by the names of the model's inputs, the batch first: row i of all is input i.")
    private @Nullable Path tensors;

    @Option(
        names = "--images",
        required = true,
        paramLabel = "DIR",
        description =
            "Images, also in folders, whose names are their labels; for a model of one input of"
                + " images, whose layout and size are taken from it.")
    private @Nullable Path images;
  }

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
          new StoreOptions.Source(
              model, tokenizer, inputs.data, inputs.tensors, inputs.images, textColumn, places),
          engine,
          tensorOptions,
          target.store,
          json,
          spec.commandLine());
      return 0;
    }
    storeOptions.refuseWithout("--store");
    Path data = inputs.data;
    if (data == null || engine.djl(false)) {
      throw new BadInput("--out: expected --data and ONNX Runtime (or --store), found others");
    }
    tensorOptions.refuseImages();
    if (tokenizer == null) {
      throw new BadInput("--tokenizer: expected the model's tokenizer for texts, found none");
    }
    Path out = InputFile.writable(Objects.requireNonNull(target.out));
    List<String> texts = texts(data, textColumn);
    TextModel textModel = OnnxTextModel.open(model);
    List<TokenIds> tokens;
    try (TextTokenizer textTokenizer = TextTokenizer.open(tokenizer)) {
      tokens = texts.stream().map(textTokenizer::encode).toList();
    }
    Map<String, String> metadata =
        Map.of(
            "innerspan.pooling", pooling.name().toLowerCase(Locale.ROOT),
            "innerspan.model.sha256", textModel.sha256(),
            "innerspan.tokenizer.sha256", Digests.sha256(tokenizer),
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

  private static List<String> texts(Path data, @Nullable String textColumn) throws IOException {
    String name = data.toString().toLowerCase(Locale.ROOT);
    if (!name.endsWith(".jsonl") && !name.endsWith(".ndjson")) {
      return PlainTexts.read(data, textColumn);
    }
    List<String> texts = new ArrayList<>();
    try (TextSource source = TextSource.open(new TextFile(data, textColumn, null, null))) {
      for (StoreText text = source.next(); text != null; text = source.next()) {
        texts.add(text.text());
      }
    }
    if (texts.isEmpty()) {
      throw BadInput.in(data, "at least one text", "none");
    }
    return texts;
  }

  private static HookPoint hookPoint(String name) {
    if (name.isBlank()) {
      throw new BadInput("--hook-point: expected a name, found a blank one");
    }
    return new HookPoint(name);
  }
}
